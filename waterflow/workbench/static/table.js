// What lies on the table: the river, its last plan, what each has without a deal, what a step costs, what is pinned.
export const table = {
  river: null, // of the step that is chosen
  rivers: {}, // by step: while a lever moves, months are painted
  picture: null,
  conflict: null,
  noDeal: null, // with the facts it stands on, or why there is none
  prices: null, // with the question they answer, or why there are none
  pins: [], // { mark, name, told, state, picture, river, noDeal }; opened from a file they have no picture yet
  pinned: null, // the one that is compared
  dragged: null, // what a finger on a lever asks, until it is let go
  replayed: false, // whether the plan before the last step is shown for a moment
  when: "year", // or a season's window, or the index of a period
  sits: "", // the party shown first
  tab: "schematic", // which picture the river's card shows
  open: "", // the balance whose table is open
  refused: "", // what the engine refused last, until something is planned again
  drawer: null,
  monthly: false, // whether the river has months, whatever the step that is chosen
  chances: null, // how sure each promise is, and of which plan
  trade: null, // what two parties could give each other, and of which plan
  grounds: null, // what somebody asked the grounds of
  ledger: null, // what the season's ledger says, where one is served
  replanned: null, // the rest of its season planned again, beside its plan in force
  replanning: false,
  section: "river",
};

// Indices of the periods that are shown.
export function shown(river = table.river) {
  if (table.when === "year") return river.periods.map((_, k) => k);
  const season = river.seasons.find((s) => s.window === table.when);
  if (season) return season.periods;
  return [Math.min(Number(table.when), river.periods.length - 1)];
}

// Whether the pinned plan can be laid over this one: the same places and periods.
export const comparable = () => Boolean(table.pinned?.picture) && table.pinned.river.model === table.river.model && table.pinned.river.step === table.river.step && table.pinned.river.periods.length === table.river.periods.length;

// What a party is called; short names stay where there is little room.
export const partyOf = (name) => table.river?.party_titles?.[name] ?? name;
// What a place is called, in the language of the page.
export const titleOf = (name) => table.river?.nodes.find((n) => n.name === name)?.title ?? name;
// The lake that targets are about; nothing in a river without one.
export const lakeOf = (picture = table.picture) => (picture?.targets.length ? titleOf(picture.targets[0].place) : "");

const sum = (values) => values.reduce((a, b) => a + b, 0);
export const total = (series, periods) => sum(periods.map((k) => series[k]));

// The mean of a flow over periods, by their days.
export function mean(series, periods, river) {
  const days = periods.map((k) => river.days[k]);
  return sum(periods.map((k, i) => series[k] * days[i])) / sum(days);
}

export const delivered = (picture) => sum(picture.targets.map((t) => t.delivered));
export const asked = (picture) => sum(picture.targets.map((t) => t.target));

// What each party has beside what it would have without a deal; null until that is known.
export function gains(picture, noDeal) {
  if (!picture?.values || !noDeal || !Object.keys(noDeal.payoffs).length) return null;
  const found = {};
  for (const p of picture.parties) {
    const beside = (level) => (p[level] === null || noDeal.payoffs[level] === undefined ? null : p[level] - noDeal.payoffs[level][p.party]);
    found[p.party] = { low: beside("low"), central: beside("central"), high: beside("high") };
  }
  return found;
}
