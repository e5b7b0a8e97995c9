import { ModelJobError } from '../../../planner/index.js';
import { ModelLost } from '../contract/model-lost.js';
import type { RowText } from '../contract/row-text.js';
import type { CallOutcome, ModelCall, RowError } from '../host/messages.js';
import type { CallOptions, ModelPool } from '../pool/model-pool.js';
import type { ModelHealth } from './model-health.js';

/** How much an input may cost. */
export interface InputLimits {
  /** How often it is run, where the model is lost with it. Default: 3. */
  tries?: number | null | undefined;
  /** The longest time for it, in seconds. Default: the worker's for a call; alone, what calls have taken tenfold. */
  timeoutSeconds?: number | null | undefined;
}

const defaultTries = 3;

/** A call whose rows are narrowed down when the model is lost with them. */
export interface NarrowedCall {
  pool: ModelPool;
  health: ModelHealth;
  call: ModelCall;
  options: CallOptions;
  limits: InputLimits;
  /** A row unlike these: the model that is lost on it as well is lost on any. */
  unlike: RowText;
}

/** Hears what became of some of the call's rows, by their places; each row once. */
export type Settle = (places: readonly number[], outcome: CallOutcome) => void;

/**
 * Runs rows in one call. When the model is lost with them (it crashes, hangs, takes too much memory), each row that has
 * no answer is run alone, in a process that is there or a fresh one; the one that does it again, as often as it may,
 * has failed.
 *
 * @throws ModelJobError as {@link ModelPool.run}; `Failed`, `ResourceLimit` for a model that is lost on any row
 */
export async function runNarrowed(narrowed: NarrowedCall, settle: Settle): Promise<void> {
  const { call, health, limits } = narrowed;
  const places = call.rows.map((_, at) => at);
  const timeoutMs = limits.timeoutSeconds ? limits.timeoutSeconds * 1000 * places.length : undefined;
  const ran = await attempt(narrowed, call, { timeoutMs: within(timeoutMs, health.timeoutMs) });
  const lost = ran.errors.filter((error) => error.lost);
  settleAnswered(narrowed, places, ran, settle);
  for (const error of lost) await runAlone(narrowed, { ...error, runMs: ran.runMs }, settle);
}

/** What is known of a row that the model was lost with: the loss, and the time that went with it. */
type Loss = RowError & Pick<CallOutcome, 'runMs'>;

/** A row that took the whole time twice is not run a third time. */
async function runAlone(narrowed: NarrowedCall, first: Loss, settle: Settle): Promise<void> {
  const { call, health, limits } = narrowed;
  const mostTries = limits.tries ?? defaultTries;
  const row = onlyRow(call, first.at);
  let wasAlone = call.rows.length === 1;
  let [loss, tries, spentMs] = [first, 1, first.runMs];
  while (!wasAlone || (tries < mostTries && spentMs < 2 * health.timeoutMs)) {
    const ran = await attempt(narrowed, row, {
      timeoutMs: aloneMs(narrowed, loss),
      exclusive: loss.code === 'ResourceLimit' && tries + 1 >= mostTries,
      urgent: true,
    });
    const again = ran.errors.find((error) => error.lost);
    if (!again) {
      settleAnswered(narrowed, [first.at], ran, settle);
      return;
    }
    wasAlone = true;
    loss = { ...again, runMs: ran.runMs };
    tries += 1;
    spentMs += ran.runMs;
  }
  if (health.gaveUp()) await doubt(narrowed, loss);
  const failure = { code: loss.code, message: loss.message, tries };
  settle([first.at], await told(narrowed, row, failure));
}

function aloneMs({ call, health, limits }: NarrowedCall, { code }: Loss): number {
  if (limits.timeoutSeconds) return within(limits.timeoutSeconds * 1000, health.timeoutMs);
  return code === 'TimedOut' ? health.aloneMs(call.rows.length) : health.timeoutMs;
}

/** The outcome of a call; where the model was lost with it, each of its rows is an error that says so. */
async function attempt(
  { pool, options }: NarrowedCall,
  call: ModelCall,
  how: Partial<CallOptions> & { timeoutMs: number },
): Promise<CallOutcome> {
  try {
    return await pool.run(call, { ...options, ...how });
  } catch (error) {
    if (!(error instanceof ModelLost)) throw error;
    const { loss: code, detail: message } = error;
    const errors = call.rows.map((_, at) => ({ at, code, message, lost: true }));
    return { ...nothing(call), errors, runMs: code === 'TimedOut' ? how.timeoutMs : 0 };
  }
}

function settleAnswered(
  { health, call }: NarrowedCall,
  places: readonly number[],
  ran: CallOutcome,
  settle: Settle,
): void {
  const lost = new Set(ran.errors.flatMap(({ at, lost }) => (lost ? [at] : [])));
  const answered = places.findIndex((_, at) => ran.outputs[at] != null || ran.vectors?.[at] != null);
  const row = call.rows[places[answered] ?? -1];
  if (row !== undefined) health.answered({ row, named: call.named, kept: call.kept ?? [] }, ran.runMs);
  if (lost.size === 0) settle(places, ran);
  else if (lost.size < places.length) settleSome(places, ran, lost, settle);
}

/** Those that the model was lost with are not settled yet. */
function settleSome(places: readonly number[], ran: CallOutcome, lost: ReadonlySet<number>, settle: Settle): void {
  const kept = places.map((_, at) => at).filter((at) => !lost.has(at));
  const of = <T>(list: readonly T[] | null): T[] | null => list && kept.flatMap((at) => list.slice(at, at + 1));
  const errors = ran.errors.flatMap((error) => (error.lost ? [] : [{ ...error, at: kept.indexOf(error.at) }]));
  const lists = {
    outputs: of(ran.outputs) ?? [],
    vectors: of(ran.vectors),
    customIds: of(ran.customIds),
    metadata: of(ran.metadata),
  };
  settle(
    kept.flatMap((at) => places.slice(at, at + 1)),
    { ...ran, ...lists, errors },
  );
}

/**
 * Runs a row that the model has answered before, else one that is unlike those that were given up.
 *
 * @throws ModelJobError for a model that is lost with it too
 */
async function doubt(narrowed: NarrowedCall, last: Loss): Promise<void> {
  const { call, health, unlike } = narrowed;
  const { known } = health;
  const { row, ...reading } = known ?? { row: unlike };
  const probe = { ...onlyRow(call, 0), ...reading, rows: [row] };
  const ran = await attempt(narrowed, probe, { timeoutMs: aloneMs(narrowed, last), urgent: true });
  if (!ran.errors.some((error) => error.lost)) {
    health.trust();
    return;
  }
  const which = known ? 'and on one that it had answered before' : 'and has answered none';
  const code = last.code === 'ResourceLimit' ? last.code : 'Failed';
  const message = `the model was lost on each of the last inputs that it ran alone, ${which}: ${last.message}`;
  throw new ModelJobError(code, message, { retryable: false });
}

/** The outcome of a row that is given up: its process reads it once more, for its name. */
async function told(
  narrowed: NarrowedCall,
  row: ModelCall,
  failure: NonNullable<ModelCall['failure']>,
): Promise<CallOutcome> {
  const ran = await attempt(narrowed, { ...row, failure }, { timeoutMs: narrowed.health.timeoutMs, urgent: true });
  return ran.errors.some((error) => error.lost) ? { ...nothing(row), errors: [{ at: 0, ...failure }] } : ran;
}

function onlyRow(call: ModelCall, at: number): ModelCall {
  return { ...call, rows: call.rows.slice(at, at + 1), indices: call.indices.slice(at, at + 1) };
}

function nothing({ rows }: ModelCall): CallOutcome {
  return {
    outputs: rows.map(() => null),
    vectors: null,
    errors: [],
    customIds: null,
    metadata: null,
    files: [],
    runMs: 0,
  };
}

function within(milliseconds: number | undefined, most: number): number {
  return Math.min(milliseconds ?? most, most);
}
