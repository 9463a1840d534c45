/**
 * Every page: loaded when it is first gone to. `where`: bar (foot of the screen), more (the list of the rest),
 * "" (reached from another page). `open`: to be seen before anybody is logged in.
 */
const page = (name, icon, where = "", more = {}) => ({
  name, icon, where, title: `${name}.title`, load: () => import(`./${name}.js`), ...more,
});

export const PAGES = [
  page("home", "home", "bar"),
  page("tasks", "tasks", "bar"),
  page("report", "report", "bar"),
  page("messages", "messages", "bar"),
  page("more", "more", "bar"),
  page("history", "history", "more"),
  page("map", "map", "more"),
  page("people", "phone", "more"),
  page("colleagues", "people", "more"),
  page("track", "track", "more"),
  page("worklog", "log", "more"),
  page("statistics", "chart", "more"),
  page("registers", "book", "more"),
  page("print", "print", "more"),
  page("settings", "settings", "more"),
  page("help", "help", "more"),
  page("sent", "report"),
  page("task", "tasks"),
  page("enrol", "key", "", { open: true }),
  page("login", "person", "", { open: true }),
];
