// What is asked of the engine; of each kind only the newest question is waited for.
const page = crypto.randomUUID?.() ?? String(Math.random());
const running = {};

export class Refused extends Error {
  constructor(answer) {
    super(answer.told ?? (answer.problems ?? []).map((p) => `${p.where}: ${p.found}; ${p.allowed}`).join("\n"));
    this.answer = answer;
  }
}

async function read(response) {
  const answer = await response.json();
  if (!response.ok || answer.status === "refused" || answer.status === "unproved") throw new Refused(answer);
  return answer;
}

// The answer; null where a newer question of the kind took its place. What is asked aside takes the place of nothing on the table.
export async function ask(kind, state, aside = "") {
  const name = kind + aside;
  running[name]?.abort();
  const own = (running[name] = new AbortController());
  try {
    const response = await fetch(`api/v1/${kind}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-page": page + aside },
      body: JSON.stringify(state),
      signal: own.signal,
    });
    if (response.status === 409 || own.signal.aborted) return null;
    return await read(response);
  } catch (error) {
    if (error.name === "AbortError") return null;
    throw error;
  } finally {
    if (running[name] === own) delete running[name];
  }
}

// What is asked of a kind is let go: the engine stops at its next step.
export const stop = (kind) => running[kind]?.abort();

// How far a long answer is.
export const progress = async (kind) => read(await fetch(`api/v1/progress/${kind}`, { headers: { "x-page": page } }));

export const get = async (path) => read(await fetch(`api/v1/${path}`));

// A file made by the engine.
export async function file(kind, state) {
  const response = await fetch(`api/v1/${kind}`, { method: "POST", headers: { "content-type": "application/json", "x-page": page }, body: JSON.stringify(state) });
  if (!response.ok) throw new Refused(await response.json());
  return response.blob();
}
