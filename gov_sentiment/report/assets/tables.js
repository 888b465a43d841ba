// Tables that sort, search and page without a server. `data.columns` says what a table shows,
// `data.rows` has its rows; cells name their place in the report's json (data-key).
const PAGES = { ranking: 50 };
const FEW = 10;

function intervalOf(row, name) {
  return name === "share" ? [row.low, row.high] : [row[name + "_low"], row[name + "_high"]];
}

function drawCell(table, column, row, at) {
  const { name, form } = column;
  const value = row[name];
  if (form === "agency") {
    const shown = value || say("（单位不明）", "(unknown)");
    const known = value && data.profiles && data.profiles[value];
    const cell = element("td", { class: "name" }, known ? element("a", { href: "#agency=" + encodeURIComponent(value) }, shown) : shown);
    if (row.note && lang() === "zh") cell.append(element("div", { class: "note" }, row.note));
    return cell;
  }
  const cell = element("td", form === "text" ? { class: "text" } : {});
  const place = { "data-key": `${table}.${at}.${name}`, "data-form": form };
  cell.append(element("span", place, show(form, value)));
  if (["rank", "index", "share"].includes(form) && value !== undefined && value !== null) {
    const [low, high] = intervalOf(row, name);
    cell.append(" ", element("span", { class: "interval" }, `[${show(form, low)}–${show(form, high)}]`));
    if (form !== "rank") cell.append(drawBar(form === "share" ? 100 : 1, low, value, high));
  }
  return cell;
}

function drawBar(scale, low, value, high) {
  const line = element("i"), dot = element("b");
  line.style.left = `${scale * low}%`;
  line.style.width = `${scale * Math.max(high - low, 0)}%`;
  dot.style.left = `calc(${scale * value}% - 1px)`;
  return element("span", { class: "bar", "aria-hidden": "true" }, line, dot);
}

class DataTable {
  constructor(holder) {
    this.holder = holder;
    this.name = holder.dataset.table;
    this.columns = data.columns[this.name];
    this.rows = data.rows[this.name].map((row, at) => [row, at]);
    this.size = PAGES[this.name] || FEW;
    this.state = { column: "", down: false, page: 0, search: "", tier: "", ranked: false };
    if (this.name === "ranking") this.state.column = "rank";
    this.build();
    redraws.push(() => this.build());
  }

  build() {
    const title = this.holder.dataset[lang()];
    this.count = element("span", { role: "status", class: "count" });
    this.body = element("tbody");
    this.heads = this.columns.map((column) => this.buildHead(column));
    const caption = element("caption", {}, title);
    const table = element("table", { id: `${this.name}-table` }, caption, element("thead", {}, element("tr", {}, ...this.heads)), this.body);
    this.pager = this.buildPager();
    this.holder.replaceChildren(this.buildControls(), element("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": title }, table), this.pager);
    this.draw();
  }

  buildHead(column) {
    const button = element("button", { type: "button" }, pick(column.label));
    button.addEventListener("click", () => {
      const { state } = this;
      const upFirst = ["rank", "agency", "plain", "text"].includes(column.form) || ["tier", "median_days"].includes(column.name);
      state.down = state.column === column.name ? !state.down : !upFirst;
      state.column = column.name;
      state.page = 0;
      this.draw();
    });
    const left = ["agency", "text"].includes(column.form) ? { class: "left" } : {};
    return element("th", { scope: "col", "data-column": column.name, ...left }, button);
  }

  buildControls() {
    const { state } = this;
    const change = (key, read) => (event) => { state[key] = read(event.target); state.page = 0; this.draw(); };
    const search = element("input", { type: "search", autocomplete: "off", id: `${this.name}-search` });
    search.value = state.search;
    search.addEventListener("input", change("search", (node) => node.value));
    const controls = element("div", { class: "controls" }, element("label", {}, say("查找 ", "Find "), search));
    if (this.name === "ranking") {
      const tiers = [...new Set(this.rows.map(([row]) => row.tier).filter((tier) => tier !== undefined))].sort((a, b) => a - b);
      const tier = element("select", { id: "tier-filter" }, element("option", { value: "" }, say("全部", "all")), ...tiers.map((t) => element("option", { value: String(t) }, String(t))));
      tier.value = state.tier;
      tier.addEventListener("change", change("tier", (node) => node.value));
      const ranked = element("input", { type: "checkbox", id: "ranked-only" });
      ranked.checked = state.ranked;
      ranked.addEventListener("change", change("ranked", (node) => node.checked));
      controls.append(element("label", {}, say("档 ", "Tier "), tier), element("label", {}, ranked, say(" 只看列入排名的", " ranked only")));
    }
    controls.append(this.count);
    return controls;
  }

  buildPager() {
    const turn = (step) => () => { this.state.page += step; this.draw(); };
    this.previous = element("button", { type: "button", "aria-label": say("上一页", "previous page") }, "‹");
    this.next = element("button", { type: "button", "aria-label": say("下一页", "next page") }, "›");
    this.previous.addEventListener("click", turn(-1));
    this.next.addEventListener("click", turn(1));
    this.where = element("span", { class: "where", role: "status" });
    return element("div", { class: "pager", role: "group", "aria-label": say("翻页", "pages") }, this.previous, this.where, this.next);
  }

  chosen() {
    const { search, tier, ranked, column, down } = this.state;
    const wanted = search.trim().toLowerCase();
    const matches = (row) => this.columns.some(({ name }) => typeof row[name] === "string" && row[name].toLowerCase().includes(wanted));
    const rows = this.rows.filter(([row]) => (!wanted || matches(row)) && (!tier || String(row.tier) === tier) && (!ranked || row.rank !== undefined));
    if (!column) return rows;
    const collator = new Intl.Collator("zh");
    const missing = (x) => x === undefined || x === null;
    return rows.sort(([a, i], [b, j]) => {
      const x = a[column], y = b[column];
      if (missing(x) || missing(y)) return missing(x) - missing(y) || i - j;
      const order = typeof x === "string" ? collator.compare(x, y) : x - y;
      return (down ? -order : order) || i - j;
    });
  }

  draw(all = false) {
    const rows = this.chosen();
    const pages = Math.max(1, Math.ceil(rows.length / this.size));
    this.state.page = Math.max(0, Math.min(this.state.page, pages - 1));
    const first = all ? 0 : this.state.page * this.size;
    this.body.replaceChildren(...rows.slice(first, all ? FULL_PRINT : first + this.size).map(([row, at]) =>
      element("tr", this.name === "ranking" && row.rank === undefined ? { class: "unranked" } : {}, ...this.columns.map((column) => drawCell(this.name, column, row, at)))));
    const n = rows.length.toLocaleString("en-US");
    this.count.textContent = this.name === "ranking" ? say(`${n} 个单位`, `${n} agencies`) : say(`${n} 行`, `${n} rows`);
    this.where.textContent = `${this.state.page + 1} / ${pages}`;
    this.pager.hidden = pages === 1;
    this.previous.disabled = this.state.page === 0;
    this.next.disabled = this.state.page >= pages - 1;
    this.heads.forEach((head) => {
      const sorted = head.dataset.column === this.state.column;
      head.setAttribute("aria-sort", !sorted ? "none" : this.state.down ? "descending" : "ascending");
    });
  }
}

// Paper has no pager: the first rows of every table are printed, of the ranking many.
const FULL_PRINT = 300;
const tables = [...document.querySelectorAll(".datatable")].map((holder) => new DataTable(holder));
addEventListener("beforeprint", () => tables.filter((table) => table.name === "ranking").forEach((table) => {
  table.before = table.state.ranked;
  table.state.ranked = table.rows.some(([row]) => row.rank !== undefined);
  table.draw(true);
}));
addEventListener("afterprint", () => tables.filter((table) => table.name === "ranking").forEach((table) => {
  table.state.ranked = table.before;
  table.draw();
}));
