// A page for paper asks for the printer when it is there.
addEventListener("load", () => window.print());
