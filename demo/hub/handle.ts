import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { callerOf, checkToken } from './access.js';
import { bufferAnswer, problemAnswer, type Answer } from './answers.js';
import { answerModelInfo } from './api-model.js';
import { answerPathsInfo } from './api-paths.js';
import { answerTree } from './api-tree.js';
import type { Book } from './book.js';
import type { Context } from './context.js';
import { faultOf, type Fault, type StatusFault } from './faults.js';
import { answerCdn, answerRaw, answerResolve, answerResolveCache } from './files.js';
import type { HubOptions, HubRequest, RouteKind } from './options.js';
import { HubProblem } from './problems.js';
import type { RepoStore } from './repo-store.js';
import { routeOf, type Route } from './route.js';
import { send } from './send.js';
import type { Handler } from './server.js';
import { pause } from './streams.js';

/** What the handlers of both origins share. */
export interface HubParts {
  options: HubOptions;
  store: RepoStore;
  book: Book;
  origins: { url: string; cdnUrl: string };
  /** Signs the links to the CDN. */
  secret: string;
}

type Origin = 'hub' | 'cdn';

/** The request handler of one origin: it counts, asks for a fault, waits, answers and sends. */
export function createHandler(parts: HubParts, origin: Origin): Handler {
  const { options, book } = parts;
  return async (incoming, response, signal) => {
    const route = readRoute(incoming, origin);
    const request = book.enter(describeRequest(incoming, route));
    const fault = askHooks(options, request);
    if (options.firstByteDelayMs !== undefined) {
      await pause(options.firstByteDelayMs, signal);
    }
    const answer = await answerRequest(parts, incoming, route, fault);
    await send(incoming, response, answer, {
      fault: fault instanceof Error ? undefined : fault,
      bytesPerSecond: options.bytesPerSecond,
      signal,
      count: book.countBytes,
    });
  };
}

/** A hook that throws makes its request fail with the reason, which a test can see. */
function askHooks(options: HubOptions, request: HubRequest): Fault | Error | undefined {
  try {
    options.onRequest?.(request);
    return options.faults?.(request);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** A path that is no path of this origin leads to the error that it deserves. */
function readRoute(incoming: IncomingMessage, origin: Origin): Route | HubProblem {
  try {
    const route = routeOf(incoming.url ?? '/');
    return (route.kind === 'cdn') === (origin === 'cdn') ? route : new HubProblem(404, undefined, 'Not Found');
  } catch (error) {
    return error instanceof HubProblem ? error : new HubProblem(400, undefined, String(error));
  }
}

function describeRequest(incoming: IncomingMessage, route: Route | HubProblem): Omit<HubRequest, 'index' | 'attempt'> {
  const { method = 'GET', url = '/', headers } = incoming;
  if (route instanceof HubProblem) {
    return { method, kind: 'other', url, headers };
  }
  const { kind, repo, revision, path } = route;
  return { method, kind, url, repo, revision, path, headers };
}

async function answerRequest(
  parts: HubParts,
  incoming: IncomingMessage,
  route: Route | HubProblem,
  fault: Fault | Error | undefined,
): Promise<Answer> {
  if (fault instanceof Error) {
    return problemAnswer(fault);
  }
  const instead = faultOf(fault, 'status');
  if (instead) {
    return statusAnswer(instead);
  }
  try {
    if (route instanceof HubProblem) {
      throw route;
    }
    return await answerRoute(contextOf(parts, incoming, route), incoming.method ?? 'GET');
  } catch (error) {
    return problemAnswer(error);
  }
}

function statusAnswer({ status, headers = {}, body = '' }: StatusFault): Answer {
  return bufferAnswer(status, Buffer.from(body), { 'Content-Type': 'text/plain; charset=utf-8', ...headers });
}

const answers: Record<RouteKind, (context: Context) => Promise<Answer>> = {
  'model-info': answerModelInfo,
  tree: answerTree,
  'paths-info': answerPathsInfo,
  resolve: answerResolve,
  raw: answerRaw,
  'resolve-cache': answerResolveCache,
  cdn: answerCdn,
  other: () => Promise.reject(new HubProblem(404, undefined, 'Not Found')),
};

function answerRoute(context: Context, method: string): Promise<Answer> {
  const { kind } = context.route;
  const allowed = kind === 'paths-info' ? ['POST'] : ['GET', 'HEAD'];
  if (!allowed.includes(method)) {
    throw new HubProblem(405, undefined, `Method ${method} not allowed here`, { Allow: allowed.join(', ') });
  }
  if (kind !== 'cdn') {
    checkToken(context.options, context.caller);
  }
  return answers[kind](context);
}

function contextOf({ options, store, origins, secret }: HubParts, incoming: IncomingMessage, route: Route): Context {
  const { headers } = incoming;
  return {
    options,
    store,
    ...origins,
    secret,
    route,
    caller: callerOf(headers.authorization),
    headers,
    readBody: () => text(incoming),
  };
}
