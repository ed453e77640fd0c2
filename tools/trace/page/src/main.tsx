import "uplot/dist/uPlot.min.css";
import "./style.css";
import "./timeline.css";
import "./lists.css";
import "./overview.css";
import "./details.css";
import "./help.css";
import "./narrow.css";

import { render } from "preact";
import { App } from "./app.tsx";
import { read_trace } from "./model.ts";

const page = document.getElementById("page")!;
const data = document.getElementById("trace")!;

// After the browser has painted that it reads: a large trace takes a moment.
requestAnimationFrame(() =>
  setTimeout(() => {
    try {
      const trace = read_trace(data.textContent!);
      data.remove(); // the text is as large as everything else together
      page.replaceChildren();
      render(<App trace={trace} />, page);
    } catch (error) {
      page.textContent = `The data of this page cannot be read: it may have been cut off. ${error}`;
      throw error;
    }
  }),
);
