(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const root = document.documentElement;
  const PAGE = 50;
  const state = { column: "rank", down: false, page: 0, search: "", tier: "", ranked: false };
  const lang = () => root.dataset.lang;
  const pick = (pair) => (pair ? pair[lang() === "zh" ? 0 : 1] : "");
  const say = (zh, en) => (lang() === "zh" ? zh : en);
  const shares = new Set(["response_rate", "on_time_rate", "substantive_share", "boilerplate_share",
    "mismatch_share", "negative_share", "satisfaction", "similarity"]);
  const texts = new Set(["agency", "post", "reply", "promise", "source", "target"]);

  const element = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    for (const child of children) node.append(child);
    return node;
  };
  const show = (name, value) => {
    if (value === undefined || value === null || value === "") return "–";
    if (typeof value === "boolean") return value ? say("是", "yes") : say("否", "no");
    if (shares.has(name)) return (100 * value).toFixed(1) + "%";
    if (name === "kind") return say({ transferred: "转交", redirected: "请市民另找" }[value] || value, value);
    if (typeof value !== "number") return String(value);
    if (Number.isInteger(value)) return value.toLocaleString("en-US");
    return value.toFixed(name === "index" || name === "median_days" ? 1 : 2);
  };
  const place = (row) => row.rank === undefined ? "–" : row.rank + " ";

  function rankingCell(row, name) {
    const value = row[name];
    if (name === "agency") {
      const link = element("a", { href: "#agency=" + encodeURIComponent(value || "") }, value || say("（单位不明）", "(unknown)"));
      const cell = element("td", { class: "name" }, link);
      if (row.note) cell.append(element("div", { class: "interval" }, row.note));
      return cell;
    }
    const cell = element("td", { "data-key": "ranking." + name, "data-value": value ?? "" });
    if (name === "rank") {
      cell.append(place(row));
      if (row.rank !== undefined) cell.append(element("span", { class: "interval" }, `[${row.rank_low}–${row.rank_high}]`));
    } else if (name === "index" && value !== undefined) {
      const low = row.index_low ?? value, high = row.index_high ?? value;
      cell.append(show(name, value), " ", element("span", { class: "interval" }, `[${low.toFixed(1)}–${high.toFixed(1)}]`));
      const line = element("i", {}), dot = element("b", {});
      line.style.left = low + "%"; line.style.width = Math.max(high - low, 0) + "%"; dot.style.left = `calc(${value}% - 1px)`;
      cell.append(element("span", { class: "bar", "aria-hidden": "true" }, line, dot));
    } else cell.append(show(name, value));
    return cell;
  }

  function chosen() {
    const wanted = state.search.trim().toLowerCase();
    const rows = data.ranking.filter((row) =>
      (!wanted || (row.agency || "").toLowerCase().includes(wanted)) &&
      (!state.tier || String(row.tier) === state.tier) && (!state.ranked || row.rank !== undefined));
    const { column, down } = state;
    const collator = new Intl.Collator("zh");
    return rows.map((row, at) => [row, at]).sort(([a, i], [b, j]) => {
      const x = a[column], y = b[column];
      if (x === undefined && y === undefined) return i - j;
      if (x === undefined) return 1;
      if (y === undefined) return -1;
      const order = typeof x === "string" ? collator.compare(x, y) : x - y;
      return (down ? -order : order) || i - j;
    }).map(([row]) => row);
  }

  function drawRanking() {
    const rows = chosen();
    const pages = Math.max(1, Math.ceil(rows.length / PAGE));
    state.page = Math.min(state.page, pages - 1);
    const body = document.querySelector("#ranking-table tbody");
    body.replaceChildren(...rows.slice(state.page * PAGE, (state.page + 1) * PAGE).map((row) => {
      const line = element("tr", row.rank === undefined ? { class: "unranked" } : {});
      line.append(...data.columns.map((name) => rankingCell(row, name)));
      return line;
    }));
    document.getElementById("count").textContent = say(`${rows.length} 个单位`, `${rows.length} agencies`);
    document.getElementById("page").textContent = `${state.page + 1} / ${pages}`;
    document.getElementById("previous").disabled = state.page === 0;
    document.getElementById("next").disabled = state.page >= pages - 1;
    for (const head of document.querySelectorAll("#ranking-table th")) {
      head.setAttribute("aria-sort", head.dataset.column !== state.column ? "none" : state.down ? "descending" : "ascending");
    }
  }

  const evidence = {
    clusters: ["n_replies", "n_distinct_posts", "n_agencies", "agency", "similarity", "reply"],
    mismatches: ["exchange_id", "agency", "post", "reply", "other_exchange_id"],
    referrals: ["source", "target", "kind", "n", "ping_pong"],
    promises: ["due", "overdue", "agency", "exchange_id", "promise"],
  };
  const extra = { reply: ["答复", "reply"], post: ["留言", "post"], n_replies: ["答复数", "replies"], other_exchange_id: ["更像答复", "fits better"] };
  const open = {};
  function drawEvidence() {
    for (const [name, columns] of Object.entries(evidence)) {
      const holder = document.querySelector(`[data-table=${name}]`);
      if (!holder) continue;
      const rows = open[name] ? data[name] : data[name].slice(0, 15);
      const head = element("tr", {}, ...columns.map((c) => element("th", { scope: "col" }, pick(extra[c] || data.words.column[c]) || c)));
      const lines = rows.map((row) => element("tr", {}, ...columns.map((c) =>
        element("td", texts.has(c) ? { class: "text" } : { "data-key": `${name}.${c}`, "data-value": row[c] ?? "" }, show(c, row[c])))));
      const table = element("table", {}, element("thead", {}, head), element("tbody", {}, ...lines));
      holder.replaceChildren(table);
      if (data[name].length > rows.length) {
        const button = element("button", { type: "button", class: "more" }, say(`全部 ${data[name].length} 行`, `all ${data[name].length} rows`));
        button.addEventListener("click", () => { open[name] = true; drawEvidence(); });
        holder.append(button);
      }
    }
  }

  function drawAgency() {
    const section = document.getElementById("agency");
    const match = location.hash.match(/^#agency=(.*)$/);
    const name = match ? decodeURIComponent(match[1]) : "";
    const profile = match && data.profiles[name];
    section.hidden = !match;
    if (!match) return;
    const close = element("button", { type: "button" }, say("关闭", "Close"));
    close.addEventListener("click", () => { location.hash = "#ranking"; });
    section.replaceChildren(element("h2", {}, name || say("（单位不明）", "(unknown)")), close);
    if (profile) {
      const counts = (title, items, words) => Object.keys(items).length ? [element("h3", {}, title), element("p", {},
        ...Object.entries(items).map(([key, n]) => element("span", { class: "tag" }, `${pick(words[key])} ${n}`)))] : [];
      section.append(...counts(say("答复类型", "Reply types"), profile.reply_types, data.words.type),
        ...counts(say("提示", "Flags"), profile.flags, data.words.flag));
      if (profile.months.length > 1) {
        section.append(element("h3", {}, say("逐月", "By month")), element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("逐月", "By month") }, element("table", {},
          element("thead", {}, element("tr", {}, ...[say("月", "month"), say("件数", "n"), say("质量", "quality")].map((t) => element("th", { scope: "col" }, t)))),
          element("tbody", {}, ...profile.months.slice(-24).map((m) => element("tr", {}, element("td", {}, m.month), element("td", {}, show("n", m.n)), element("td", {}, show("quality", m.quality))))))));
      }
      if (profile.examples.length) section.append(element("h3", {}, say("示例", "Examples")));
      const why = { best: say("质量最高", "best"), worst: say("质量最低", "worst"), flagged: say("提示最重", "flagged") };
      for (const e of profile.examples) {
        section.append(element("div", { class: "example" },
          element("p", {}, element("span", { class: "tag" }, why[e.why]), element("span", { class: "tag" }, pick(data.words.type[e.reply_type]) || "–"),
            element("span", { class: "tag" }, `${say("质量", "quality")} ${show("quality", e.quality)}`),
            ...e.flags.map((f) => element("span", { class: "tag flag" }, pick(data.words.flag[f]))),
            element("span", { class: "who" }, `${e.exchange_id} · ${e.posted || "–"} → ${e.replied || "–"} · ${e.source_file}:${e.source_row ?? ""}`)),
          element("p", {}, element("span", { class: "who" }, say("留言", "post")), e.post),
          element("p", {}, element("span", { class: "who" }, say("答复", "reply")), e.reply || "–")));
      }
    }
    section.scrollIntoView();
    section.focus({ preventScroll: true });
  }

  const draw = () => { drawRanking(); drawEvidence(); drawAgency(); };
  for (const head of document.querySelectorAll("#ranking-table th")) {
    head.querySelector("button").addEventListener("click", () => {
      const column = head.dataset.column;
      state.down = state.column === column ? !state.down : !["rank", "tier", "agency", "median_days"].includes(column);
      state.column = column; state.page = 0; drawRanking();
    });
  }
  const on = (id, event, act) => document.getElementById(id).addEventListener(event, act);
  on("search", "input", (e) => { state.search = e.target.value; state.page = 0; drawRanking(); });
  on("tier-filter", "change", (e) => { state.tier = e.target.value; state.page = 0; drawRanking(); });
  on("ranked-only", "change", (e) => { state.ranked = e.target.checked; state.page = 0; drawRanking(); });
  on("previous", "click", () => { state.page -= 1; drawRanking(); });
  on("next", "click", () => { state.page += 1; drawRanking(); });
  on("language", "click", (e) => {
    root.dataset.lang = lang() === "zh" ? "en" : "zh";
    root.lang = lang() === "zh" ? "zh-CN" : "en";
    e.currentTarget.setAttribute("aria-pressed", String(lang() === "en"));
    draw();
  });
  on("dark", "click", (e) => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    e.currentTarget.setAttribute("aria-pressed", String(!dark));
  });
  const tiers = [...new Set(data.ranking.map((row) => row.tier).filter((t) => t !== undefined))].sort((a, b) => a - b);
  document.getElementById("tier-filter").append(...tiers.map((t) => element("option", { value: String(t) }, String(t))));
  addEventListener("hashchange", drawAgency);
  draw();
})();
