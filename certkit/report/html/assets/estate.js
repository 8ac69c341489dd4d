// The certificates, out of the compact form in which the page carries them.
const DAY = 86400;
const URGENCIES = ["expired", "critical", "expiring", "good", "unissued"];
const MARKS = { expired: "✕", critical: "▲", expiring: "△", good: "✓", unissued: "○" };
const WORDS = { expired: "expired", critical: "critical", expiring: "expiring", good: "good", unissued: "never issued" };

function readEstate(text) {
  const { at, words, certificates } = JSON.parse(text);
  return { at, certificates: certificates.map((row) => readCertificate(row, words, at)) };
}

function readCertificate(row, words, at) {
  const [domain, name, owner, sans, type, status, key, account, region, prefix, id, from, until, urgency, inUse] = row;
  const one = {
    domain, name, owner, sans, from, until, inUse: Boolean(inUse),
    type: words[type], status: words[status], key: words[key], account: words[account], region: words[region],
    arn: words[prefix] + id,
    urgency: URGENCIES[urgency],
    left: until === null ? null : Math.floor((until - at) / DAY),
    share: until === null ? null : Math.max(0, Math.min(1, (until - at) / Math.max(1, until - from))),
  };
  one.text = [domain, name, owner, ...sans, one.type, one.status, one.key, one.account, one.region, one.arn]
    .join("\n").toLowerCase();
  return one;
}

function dateText(seconds) {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

function make(tag, settings = {}, ...children) {
  const { className, ...attributes } = settings;
  const element = document.createElement(tag);
  if (className) element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
