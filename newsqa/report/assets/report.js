/* The table of findings. Everything else of the report works without this script.
   Scraped text enters the page as text nodes only. */
(() => {
  "use strict";
  const $ = (id) => document.getElementById(id);
  const NAMES = ["q", "severity", "rule", "source", "standing"];
  const BADNESS = { error: 0, warning: 1, info: 2 }; // ascending, so that ties stay in file order
  const SEVERITY = 0, RULE = 1, SOURCE = 2, PLACE = 3, FIELD = 4, MESSAGE = 5, ADDRESS = 6, EXCERPT = 7, STANDING = 8;
  let data, table;

  async function unpack(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  }

  function element(name, className, ...children) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children.filter((child) => child !== ""));
    return made;
  }

  const isolated = (text) => element("bdi", "", text);

  function severityCell(row) {
    const word = element("span", "severity " + row[SEVERITY], row[SEVERITY]);
    return row[STANDING] ? element("div", "", word, element("span", "standing", row[STANDING])) : word;
  }

  function ruleCell(rule) {
    const link = element("a", "code", rule[0]);
    link.href = "#rule-" + rule[0];
    return element("div", "", link, " ", rule[1]);
  }

  function whereCell(row) {
    const place = row[PLACE] ? element("span", "place", row[PLACE]) : "";
    const copy = element("button", "copy", "Copy place");
    copy.type = "button";
    copy.dataset.copy = [row[PLACE], row[ADDRESS]].filter(Boolean).join(" ");
    return element("div", "", isolated(data.sources[row[SOURCE]]), place, copy);
  }

  function whatCell(row) {
    const message = element("p", "message", isolated(row[MESSAGE]));
    const parts = row[EXCERPT].filter((part) => part);
    const address = row[ADDRESS] ? element("span", "address", isolated(row[ADDRESS])) : "";
    if (!parts.length) return element("div", "", message, address);
    const text = element("bdi", "");
    text.dir = "auto";
    row[EXCERPT].forEach((part, n) => { if (part) text.append(n % 2 ? element("mark", "", part) : part); });
    return element("div", "", message, element("p", "excerpt", text), address);
  }

  function column(cell, words, order) {
    return {
      data: null,
      defaultContent: "",
      render: (_, kind, row) => (kind === "display" ? cell(row) : kind === "filter" ? words(row) : (order || words)(row)),
    };
  }

  function build() {
    table = new DataTable("#findings-table", {
      data: data.rows,
      columns: [
        column(severityCell, (r) => r[SEVERITY], (r) => BADNESS[r[SEVERITY]]),
        column((r) => ruleCell(data.rules[r[RULE]]), (r) => data.rules[r[RULE]].join(" ")),
        column(whereCell, (r) => data.sources[r[SOURCE]] + " " + r[PLACE]),
        column(whatCell, (r) => [r[FIELD], r[MESSAGE], r[EXCERPT].join(""), r[ADDRESS]].join(" ")),
      ],
      autoWidth: false,
      deferRender: true,
      order: [[0, "asc"]],
      pageLength: 25,
      layout: { topStart: "info", topEnd: null, bottomStart: null, bottomEnd: "paging" },
      language: {
        info: "_START_ to _END_ of _TOTAL_ findings",
        infoEmpty: "No finding",
        infoFiltered: "(from _MAX_)",
        zeroRecords: "No finding matches this filter.",
      },
    });
    table.search.fixed("filters", (_, row) => {
      const { severity, rule, source, standing } = currentValues();
      const stands = standing ? row[STANDING] === standing : row[STANDING] !== "accepted";
      return stands && (!severity || row[SEVERITY] === severity) && (!rule || data.rules[row[RULE]][0] === rule)
        && (!source || data.sources[row[SOURCE]] === source);
    });
  }

  function fillSelects() {
    for (const [code, name] of data.rules) $("f-rule").append(new Option(code + " " + name, code));
    for (const source of data.sources) $("f-source").append(new Option(source, source));
  }

  function addressOf(values) {
    const query = new URLSearchParams();
    for (const name of NAMES) if (values[name]) query.set(name, values[name]);
    return "#findings" + (query.size ? "?" + query : "");
  }

  function currentValues() {
    return Object.fromEntries(NAMES.map((name) => [name, $("f-" + name)?.value || ""]));
  }

  function draw() {
    table.search($("f-q").value).draw();
  }

  function followAddress() {
    const [name, query] = location.hash.split(/\?(.*)/s);
    if (name === "#findings") {
      const wanted = new URLSearchParams(query || "");
      for (const key of NAMES) if ($("f-" + key)) $("f-" + key).value = wanted.get(key) || "";
      draw();
      $("findings").scrollIntoView();
    } else if (name.startsWith("#rule-")) {
      const details = document.getElementById(decodeURIComponent(name.slice(1)))?.closest("details");
      if (details) { details.open = true; details.scrollIntoView(); }
    }
  }

  async function copyText(button) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Copied";
    } catch {
      const place = button.parentNode.querySelector(".place");
      if (place) getSelection().selectAllChildren(place);
      button.textContent = place ? "Selected" : "Not copied";
    }
    $("said").textContent = button.textContent + ": " + button.dataset.copy;
    setTimeout(() => { button.textContent = "Copy place"; }, 1500);
  }

  function listen() {
    $("filters").addEventListener("input", () => {
      history.replaceState(null, "", addressOf(currentValues()));
      draw();
    });
    $("filters").addEventListener("submit", (event) => event.preventDefault());
    $("filters").addEventListener("reset", () => setTimeout(() => {
      history.replaceState(null, "", "#findings");
      draw();
    }));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.closest("input, select, textarea")) return;
      event.preventDefault();
      $("f-q").focus();
    });
    $("findings-table").addEventListener("click", (event) => {
      const button = event.target.closest("button.copy");
      if (button) copyText(button);
    });
    addEventListener("hashchange", followAddress);
  }

  function reveal() {
    for (const link of document.querySelectorAll("a[data-rule]")) {
      link.href = addressOf({ rule: link.dataset.rule, source: link.dataset.source });
    }
    for (const part of document.querySelectorAll(".needs-script")) part.hidden = false;
    $("findings-note").hidden = true;
  }

  async function start() {
    try {
      data = await unpack($("payload").textContent);
      build();
      fillSelects();
      listen();
      reveal();
      followAddress();
      document.documentElement.dataset.ready = "1";
    } catch (error) {
      $("findings-note").textContent = "This browser cannot unpack the table of findings: " + error.message;
      document.documentElement.dataset.ready = "0";
    }
  }

  start();
})();
