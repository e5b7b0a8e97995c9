import { Context } from '@temporalio/activity';

/** Holds an activity until the test lets it pass. */
export interface Gate {
  pass(): Promise<void>;
  open(): void;
}

export function openGate(): Gate {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { pass: () => opened, open };
}

/** An activity that beats until it is cancelled. */
export async function untilAborted(): Promise<never> {
  const context = Context.current();
  const heartbeat = setInterval(() => context.heartbeat(), 100);
  try {
    return await context.cancelled;
  } finally {
    clearInterval(heartbeat);
  }
}
