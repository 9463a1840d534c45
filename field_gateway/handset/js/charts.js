/** Small pictures of figures: columns by day, bars by kind. Each says in words what it shows. */

const SVG = "http://www.w3.org/2000/svg";

function shape(tag, attrs, text = "") {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attrs)) node.setAttribute(name, value);
  if (text !== "") node.textContent = text;
  return node;
}

/** A top for an axis: a round number not below the greatest. */
export function top(most) {
  if (most <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 4, 5, 10].map((n) => n * power).find((n) => n >= most);
}

/** Columns: `rows` [{label, values: [a, b]}], stacked in that order; `said` is the picture in words. Time runs left to right. */
export function columns(rows, said, { width = 320, height = 120 } = {}) {
  const most = top(Math.max(0, ...rows.map((row) => row.values.reduce((a, b) => a + b, 0))));
  const [left, below] = [26, 16];
  const step = (width - left) / Math.max(1, rows.length);
  const y = (value) => (height - below) * (1 - value / most) + 4;
  const parts = [];
  for (const value of [0, most / 2, most]) {
    parts.push(shape("path", { class: "rule", d: `M${left} ${y(value)}H${width}` }), shape("text", { x: left - 4, y: y(value) + 3, "text-anchor": "end" }, Number.isInteger(value) ? value : value.toFixed(1)));
  }
  rows.forEach((row, i) => {
    let from = 0;
    row.values.forEach((value, place) => {
      if (value) parts.push(shape("rect", { class: `series s${place}`, x: left + i * step + step * 0.12, width: Math.max(1, step * 0.76), y: y(from + value), height: y(from) - y(from + value) }));
      from += value;
    });
    if (rows.length <= 8 || i % Math.ceil(rows.length / 7) === 0) parts.push(shape("text", { x: left + (i + 0.5) * step, y: height + 2, "text-anchor": "middle" }, row.label));
  });
  const svg = shape("svg", { viewBox: `0 0 ${width} ${height + 6}`, class: "chart", role: "img", "aria-label": said, direction: "ltr" });
  svg.append(...parts);
  return svg;
}
