// What is asked for, and everything that shows it.
const estate = readEstate(document.getElementById("estate").textContent);
const wanted = { text: "", account: "", region: "", used: "", renewed: "", urgency: null, bucket: null };
const table = new CertificateTable(document.getElementById("certificates"));
const histogram = new Histogram(document.getElementById("bars"), estate.certificates, estate.at, (place) => {
  wanted.bucket = wanted.bucket === place ? null : place;
  update();
});
const timeline = new Timeline(document.getElementById("timeline"), document.getElementById("readout"), estate.certificates, estate.at);
const tiles = [...document.querySelectorAll("[data-urgency]")];
const form = document.querySelector("form");
let isWaiting = false;

function update() {
  if (isWaiting) return;
  isWaiting = true;
  requestAnimationFrame(() => {
    isWaiting = false;
    show();
  });
}

function show() {
  const words = wanted.text.toLowerCase().split(/\s+/).filter(Boolean);
  const asked = estate.certificates.filter((one) => isAskedFor(one, words));
  const inUrgency = asked.filter((one) => !wanted.urgency || one.urgency === wanted.urgency);
  const inBucket = (one) => wanted.bucket === null || histogram.placeOf(one) === wanted.bucket;
  const shown = inUrgency.filter(inBucket);
  for (const tile of tiles) {
    const { urgency } = tile.dataset;
    tile.querySelector("strong").textContent = asked.filter((one) => one.urgency === urgency && inBucket(one)).length.toLocaleString("en");
    tile.setAttribute("aria-pressed", String(wanted.urgency === urgency));
  }
  histogram.draw(inUrgency, wanted.bucket);
  timeline.draw(shown);
  table.show(shown, estate.certificates.length);
}

function isAskedFor(one, words) {
  return words.every((word) => one.text.includes(word))
    && (!wanted.account || one.account === wanted.account)
    && (!wanted.region || one.region === wanted.region)
    && (!wanted.used || one.inUse === (wanted.used === "yes"))
    && (!wanted.renewed || Boolean(one.name) === (wanted.renewed === "yes"));
}

function fill(select, values) {
  for (const value of [...new Set(values)].filter(Boolean).sort()) select.append(make("option", { value }, value));
}

fill(form.elements.account, estate.certificates.map((one) => one.account));
fill(form.elements.region, estate.certificates.map((one) => one.region));
form.addEventListener("input", (event) => {
  wanted[event.target.name] = event.target.value;
  update();
});
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => {
  Object.assign(wanted, { text: "", account: "", region: "", used: "", renewed: "", urgency: null, bucket: null });
  update();
});
for (const tile of tiles) {
  tile.addEventListener("click", () => {
    wanted.urgency = wanted.urgency === tile.dataset.urgency ? null : tile.dataset.urgency;
    update();
  });
}
show();
document.documentElement.dataset.ready = "yes";
