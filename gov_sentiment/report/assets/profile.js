// One agency's page: #agency=NAME shows it in place of the report, Back returns.
const mainPart = document.getElementById("main");
const profilePart = document.getElementById("agency");
const contents = document.querySelector("nav");
let cameFrom = null;

function drawCounts(title, counts, words, key) {
  const items = Object.entries(counts);
  if (!items.length) return [];
  return [element("h3", {}, title), element("ul", { class: "tags" }, ...items.map(([name, n]) =>
    element("li", { class: "tag" }, pick(words[name]), " ", element("span", { "data-key": `${key}.${name}`, "data-form": "int" }, show("int", n)))))];
}

function drawMeasures(name) {
  const at = data.rows.ranking.findIndex((row) => row.agency === name);
  const row = data.rows.ranking[at];
  if (!row) return [];
  const lines = data.measures.filter(([measure]) => row[measure] !== undefined).map(([measure, form, label]) => {
    const cell = (key, as) => element("td", {}, element("span", { "data-key": `ranking.${at}.${key}`, "data-form": as }, show(as, row[key])));
    const known = row[measure + "_low"] !== undefined;
    return element("tr", {}, element("th", { scope: "row" }, pick(label)), cell(measure, form),
      known ? element("td", { class: "interval" }, `${show(form, row[measure + "_low"])}–${show(form, row[measure + "_high"])}`) : element("td", {}, "–"),
      row[measure + "_n"] === undefined ? element("td", {}, "–") : cell(measure + "_n", "int"));
  });
  const heads = [say("指标", "measure"), say("估计值", "estimate"), say("95% 区间", "95% interval"), "n"];
  const place = row.rank === undefined ? row.note && lang() === "zh" ? row.note : say("不列入排名", "not ranked")
    : say(`第 ${row.rank} 名（95% 区间 ${row.rank_low}–${row.rank_high}），第 ${row.tier} 档，共 ${row.n_exchanges} 件往来`,
      `rank ${row.rank} (95% interval ${row.rank_low}–${row.rank_high}), tier ${row.tier}, ${row.n_exchanges} exchanges`);
  return [element("p", { class: "hint" }, place), element("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": say("指标", "measures") },
    element("table", { class: "plain" }, element("caption", {}, say("指标", "measures")),
      element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head)))), element("tbody", {}, ...lines)))];
}

// Bars are posts a month, the line is the mean quality of answers (1–5) where there are any.
function drawTrend(months) {
  if (months.length < 2) return [];
  const draw = (tag, attributes) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  };
  const width = 640, height = 120, most = Math.max(...months.map((month) => month.n)), step = width / months.length;
  const label = say(`${months[0].month} 至 ${months[months.length - 1].month} 每月件数与平均质量`, `Posts a month and mean quality, ${months[0].month} to ${months[months.length - 1].month}`);
  const svg = draw("svg", { viewBox: `0 -6 ${width} ${height + 30}`, role: "img", "aria-label": label, class: "trend" });
  months.forEach((month, i) => svg.append(draw("rect", { x: i * step + step * 0.15, y: height * (1 - month.n / most), width: step * 0.7, height: height * month.n / most })));
  const points = months.map((month, i) => [month, i]).filter(([month]) => month.quality !== null).map(([month, i]) => `${(i + 0.5) * step},${height * (1 - (month.quality - 1) / 4)}`);
  svg.append(draw("polyline", { points: points.join(" ") }));
  for (const [at, anchor] of [[0, "start"], [months.length - 1, "end"]]) {
    const text = draw("text", { x: anchor === "start" ? 0 : width, y: height + 18, "text-anchor": anchor });
    text.append(months[at].month);
    svg.append(text);
  }
  return [element("h3", {}, say("逐月走势", "Month by month")), element("p", { class: "hint" }, say(`柱：每月件数（最多 ${most}）；线：答复平均质量（底 1，顶 5）。`, `Bars: posts a month (at most ${most}); line: mean quality of answers (bottom 1, top 5).`)), svg];
}

function drawExample(example) {
  const why = { best: say("质量最高", "best"), worst: say("质量最低", "worst"), flagged: say("提示最重", "gravest flag"), referred: say("转办", "passed on") };
  const tag = (text, more = "") => element("span", { class: "tag " + more }, text);
  return element("article", { class: "example", "data-why": example.why },
    element("p", {}, tag(why[example.why], "why"), tag(pick(data.words.type[example.reply_type]) || "–"), tag(`${say("质量", "quality")} ${show("float2", example.quality)}`),
      ...example.flags.map((flag) => tag(pick(data.words.flag[flag]), "flag"))),
    element("blockquote", {}, element("b", {}, say("留言 ", "Post ")), example.post),
    element("blockquote", {}, element("b", {}, say("答复 ", "Reply ")), example.reply || "–"),
    element("p", { class: "hint" }, `${example.exchange_id} · ${example.posted || "–"} → ${example.replied || "–"} · ${example.source_file}${example.source_row === null ? "" : ":" + example.source_row}`));
}

function drawProfile(focus = true) {
  const match = location.hash.match(/^#agency=(.*)$/);
  const wasOpen = !profilePart.hidden;
  const name = match ? decodeURIComponent(match[1]) : "";
  const profile = data.profiles[name];
  profilePart.hidden = !profile;
  mainPart.hidden = contents.hidden = Boolean(profile);
  if (!profile) {
    if (wasOpen && cameFrom) { const link = [...document.querySelectorAll("#ranking-table a, .datatable a")].find((each) => each.textContent === cameFrom); if (link) link.focus(); }
    return;
  }
  cameFrom = name;
  const back = element("button", { type: "button", id: "back" }, say("← 返回报告", "← Back to the report"));
  back.addEventListener("click", () => { location.hash = "#ranking"; });
  const key = `profiles.${name}`;
  profilePart.replaceChildren(back, element("h2", {}, name), ...drawMeasures(name),
    ...drawTrend(profile.months),
    ...drawCounts(say("答复类型", "Reply types"), profile.reply_types, data.words.type, key + ".reply_types"),
    ...drawCounts(say("提示", "Flags"), profile.flags, data.words.flag, key + ".flags"),
    ...(profile.examples.length ? [element("h3", {}, say("示例", "Examples"))] : []), ...profile.examples.map(drawExample));
  if (focus) { scrollTo(0, 0); profilePart.focus({ preventScroll: true }); }
}

addEventListener("hashchange", () => drawProfile());
redraws.push(() => drawProfile(false));
drawProfile();
