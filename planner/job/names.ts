/** Names of the queries that each workflow answers (`batch`: batches only), and of the memo that outlives its workers. */
export const queryNames = { snapshot: 'snapshot', events: 'events', batch: 'batch' } as const;

/** The signal by which a step tells its workflow how it goes, for the Web UI's current details. */
export const stepSignal = 'step';

/** The memo key under which a run leaves its events when it ends. */
export const eventsMemo = 'jobEvents';

/** The memo key under which a schedule leaves the time zone of its jobs' placeholders. */
export const timeZoneMemo = 'timeZone';
/** The memo key under which a batch leaves its `BatchStatus` when it is paused or resumed, and when it ends. */
export const batchMemo = 'batch';

/** The memo key under which a job leaves its `Provenance` when it ends. */
export const provenanceMemo = 'provenance';

/** The task queue of workers and clients that name none. */
export const defaultTaskQueue = 'model-jobs';
