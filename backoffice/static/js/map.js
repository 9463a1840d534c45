// The plain map of cells: pick a cell by pointing at it or by keyboard; the pointed place becomes the point.

/** `picked` hears ({cell, lon, lat}); returns what shows a cell and a point from outside. */
export function cellMap(svg, picked) {
  if (!svg) return { show() {} };
  const [west, north, kx, ky] = ["west", "north", "kx", "ky"].map((key) => Number(svg.dataset[key]));
  const spot = svg.querySelector("[data-spot]");
  const choose = (group, event) => {
    let place = {};
    if (event) {
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      place = { lon: (west + at.x / kx).toFixed(6), lat: (north - at.y / ky).toFixed(6) };
    }
    picked({ cell: group.dataset.cell, ...place });
  };
  svg.addEventListener("click", (event) => {
    const group = event.target.closest("[data-cell]");
    if (group) choose(group, event);
  });
  svg.addEventListener("keydown", (event) => {
    const group = event.target.closest("[data-cell]");
    if (group && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); choose(group, null); }
  });
  return {
    show(cell, lon, lat) {
      for (const group of svg.querySelectorAll("[data-cell]")) {
        const on = group.dataset.cell === cell;
        group.classList.toggle("chosen", on);
        group.setAttribute("aria-pressed", String(on));
      }
      const [x, y] = [(Number(lon) - west) * kx, (north - Number(lat)) * ky];
      const there = lon !== "" && lat !== "" && Number.isFinite(x) && Number.isFinite(y);
      spot.setAttribute("visibility", there ? "visible" : "hidden");
      if (there) spot.setAttribute("transform", `translate(${x} ${y})`);
    },
  };
}
