// What can be told of a page's looks: texts that are cut, that stick out of the window, that are hard to read.

/** What is wider than the window, so that the whole page would have to be scrolled sideways. */
export const overflow = page =>
  page.evaluate(() => {
    const wide = document.documentElement.scrollWidth;
    return wide <= innerWidth ? [] : [`the page is ${wide} wide, the window ${innerWidth}`];
  });

/** Texts that are not shown whole: in columns, of which only names and payloads may be cut, in headings, on buttons. */
export const cut_texts = page =>
  page.evaluate(() => {
    const texts = document.querySelectorAll(".cell:not(.name):not(.payload), button:not(.link), .figure b");
    const is_cut = x => x.scrollWidth > x.clientWidth + 1;
    const time = document.querySelector(".zero .when");
    const beside = x => x && x.getBoundingClientRect().right > x.parentElement.getBoundingClientRect().right;
    const in_html = [...[...texts].filter(is_cut), ...[time].filter(beside)];
    const in_pictures = [...document.querySelectorAll(".passage text")].filter(x => {
      const [inner, outer] = [x, x.closest("svg")].map(y => y.getBoundingClientRect());
      return inner.left < outer.left - 1 || inner.right > outer.right + 1;
    });
    return [...in_html, ...in_pictures].map(x => x.textContent);
  });

/** Controls that a screen reader cannot name, and references to elements that are not there. */
export const nameless = page =>
  page.evaluate(() => {
    const all = document.querySelectorAll("button, input, canvas, [tabindex], dialog, [role=tabpanel]");
    const controls = [...all].filter(x => !x.parentElement.closest("[role=img][aria-label]")); // a part of a picture
    const named = x =>
      x.ariaLabel || x.getAttribute("aria-labelledby") || x.textContent.trim() !== "" || x.labels?.length > 0;
    const references = ["aria-labelledby", "aria-describedby", "aria-controls", "aria-activedescendant"];
    const dangling = references.flatMap(name =>
      [...document.querySelectorAll(`[${name}]`)].filter(x => !document.getElementById(x.getAttribute(name))),
    );
    return [...controls.filter(x => !named(x)), ...dangling].map(x => x.outerHTML.slice(0, 120));
  });

/** Texts with a contrast to their background below 4.5, which is what WCAG 2 asks for (AA). */
export const contrasts = page =>
  page.evaluate(() => {
    const parse = text => (text.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = ([r, g, b]) => {
      const [x, y, z] = [r, g, b].map(c => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const background = x => {
      for (; x; x = x.parentElement) {
        const colour = parse(getComputedStyle(x).backgroundColor);
        if (colour.length === 3) return colour;
      }
      return [255, 255, 255];
    };
    const result = [];
    for (const x of document.querySelectorAll("body *")) {
      const text = [...x.childNodes].filter(y => y.nodeType === Node.TEXT_NODE && y.data.trim() !== "");
      if (text.length === 0 || !x.checkVisibility() || x.closest("script, noscript")) continue;
      const style = getComputedStyle(x);
      let opacity = 1;
      for (let y = x; y; y = y.parentElement) opacity *= Number(getComputedStyle(y).opacity);
      const behind = background(x);
      const colour = parse(x instanceof SVGElement ? style.fill : style.color);
      const seen = colour.slice(0, 3).map((c, i) => c * opacity + behind[i] * (1 - opacity));
      const [light, dark] = [luminance(seen), luminance(behind)].sort((a, b) => b - a);
      const ratio = (light + 0.05) / (dark + 0.05);
      if (ratio < 4.5) result.push(`${ratio.toFixed(2)}: ${x.className.baseVal ?? x.className} ${text[0].data}`);
    }
    return [...new Set(result)];
  });
