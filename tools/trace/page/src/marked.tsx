// A text in which what is sought is marked.

export function Marked({ text, sought }: { text: string; sought: string[] }) {
  const found = sought.length === 0 ? -1 : text.toLowerCase().indexOf(sought[0]);
  if (sought.length > 1 && found < 0) return <Marked text={text} sought={sought.slice(1)} />;
  // Small letters of some alphabets take another number of units; then it is not marked.
  if (found < 0 || text.toLowerCase().length !== text.length) return <>{text}</>;
  const end = found + sought[0].length;
  return (
    <>
      <Marked text={text.slice(0, found)} sought={sought.slice(1)} />
      <mark>{text.slice(found, end)}</mark>
      <Marked text={text.slice(end)} sought={sought} />
    </>
  );
}

export const is_found = (text: string, sought: string[]) => sought.some(x => text.toLowerCase().includes(x));
