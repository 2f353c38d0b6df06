// Which question each answer on the table belongs to: one of another question is marked, or not shown.
import { question, state } from "./store.js";
import { table } from "./table.js";

// A question of a plan; the language is none of it.
export const keyOf = (asked) => JSON.stringify({ ...asked, lang: "" });
// What is asked now: what a finger on a lever asks, or what stands in the address.
export const asking = () => table.dragged ?? keyOf(question({}));

// Whether what is painted answers what is asked now.
export const fresh = () => (table.conflict ?? table.picture)?.of === asking() && !table.replayed;

// What is the same with and without a deal: promises are not.
export const factsOnly = (of = state()) => Object.fromEntries(Object.entries(of.questions).filter(([address]) => !/^(clause|storage_at_least|limit)\./.test(address)).sort());
export const factsKey = (of = state()) => JSON.stringify([of.model, of.scenario, of.step, of.agreements, factsOnly(of)]);

// An answer with the question it answers, and the facts it stands on.
export const answering = (found, asked, of = state()) => Object.assign(found, { of: keyOf(asked), facts: factsKey(of) });

// What each has without a deal under the facts of a picture; null where that is not known.
export const noDealOf = (picture, found = table.noDeal) => (picture && found?.payoffs && found.of === picture.facts ? found : null);
export const pinnedNoDeal = (pin = table.pinned) => noDealOf(pin?.picture, pin?.noDeal) ?? noDealOf(pin?.picture);

// What a step of each lever does where they stand now.
export const pricesNow = () => (table.prices?.prices && table.prices.of === asking() ? table.prices : null);
// Why there is no such answer; empty while it is looked for.
export const failed = (kind) => (table[kind]?.failed && (kind === "prices" ? table.prices.of === asking() : table.noDeal.of === table.picture?.facts) ? table[kind].failed : "");

// Which river, year and agreements are asked about: what was found out about another means nothing here.
export const riverKey = () => JSON.stringify([state().model, state().scenario, state().agreements]);
