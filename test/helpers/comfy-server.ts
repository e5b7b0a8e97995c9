import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

interface Node {
  class_type: string;
  inputs: Record<string, unknown>;
}

type Graph = Record<string, Node>;

interface Prompt {
  id: string;
  graph: Graph;
  interrupted: boolean;
}

/** A server that speaks ComfyUI's interface; its nodes are `SaveImage`, `SaveAudio`, `ShowText`, `Sleep` and `Fail`. */
export interface ComfyServer {
  url: string;
  /** Methods and paths of the requests, in order. */
  requests: string[];
  /** The headers of the last request. */
  headers: () => IncomingMessage['headers'];
  /** Ids of the prompts that wait or run. */
  queued: () => string[];
  /** Ids of the prompts that have ended. */
  ended: () => string[];
  /** Forgets all prompts, as a restart does. */
  forget: () => void;
  /** Makes each request fail with this status; 0 breaks the connection. */
  fault: (status: number | undefined, path?: string) => void;
  close: () => Promise<void>;
}

/**
 * Starts the server; it ends with the test.
 *
 * @param options `ownIds`: a server of before 2025, which chooses the ids and interrupts whatever runs
 */
export async function startComfyServer(options: { ownIds?: boolean } = {}): Promise<ComfyServer> {
  const pending: Prompt[] = [];
  let running: Prompt | undefined;
  const history = new Map<string, unknown>();
  const requests: string[] = [];
  let headers: IncomingMessage['headers'] = {};
  let failing: { status: number; path: string } | undefined;
  let ids = 0;

  async function work(): Promise<void> {
    if (running) return;
    while ((running = pending.shift())) {
      const prompt = running;
      const entry = await execute(prompt);
      if (running === prompt) history.set(prompt.id, entry);
    }
  }

  function route(method: string, url: URL, body: Record<string, unknown>): unknown {
    switch (`${method} ${url.pathname}`) {
      case 'GET /system_stats':
        return { system: { comfyui_version: '0.3.60', os: 'posix' }, devices: [] };
      case 'POST /prompt': {
        const graph = body['prompt'] as Graph;
        const errors = validate(graph);
        if (errors) return errors;
        const id = options.ownIds ? `old-${++ids}` : (body['prompt_id'] as string);
        pending.push({ id, graph, interrupted: false });
        void work();
        return { prompt_id: id, number: ids, node_errors: {} };
      }
      case 'GET /queue': {
        const entry = ({ id, graph }: Prompt): unknown[] => [0, id, graph, {}, ['9']];
        return { queue_running: running ? [entry(running)] : [], queue_pending: pending.map(entry) };
      }
      case 'POST /queue':
        for (const id of body['delete'] as string[]) {
          const at = pending.findIndex((prompt) => prompt.id === id);
          if (at >= 0) pending.splice(at, 1);
        }
        return undefined;
      case 'POST /interrupt':
        if (running && (options.ownIds || body['prompt_id'] === running.id)) running.interrupted = true;
        return undefined;
      default: {
        const id = /^\/history\/(.*)$/.exec(url.pathname)?.[1] ?? '';
        return history.has(id) ? { [id]: history.get(id) } : {};
      }
    }
  }

  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://server');
    requests.push(`${request.method} ${url.pathname}`);
    headers = request.headers;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (failing && url.pathname.startsWith(failing.path)) {
      if (failing.status === 0) response.destroy();
      else response.writeHead(failing.status, { location: 'http://127.0.0.1:9/' }).end('out of order');
      return;
    }
    if (url.pathname === '/view') {
      view(url, response);
      return;
    }
    const text = Buffer.concat(chunks).toString();
    const value = route(request.method ?? '', url, text === '' ? {} : (JSON.parse(text) as Record<string, unknown>));
    const refused = typeof value === 'object' && value !== null && 'error' in value;
    response.writeHead(refused ? 400 : 200, { 'content-type': 'application/json' });
    response.end(value === undefined ? '' : JSON.stringify(value));
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  onTestFinished(async () => {
    for (const prompt of [...pending, ...(running ? [running] : [])]) prompt.interrupted = true;
    await close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    headers: () => headers,
    queued: () => [...(running ? [running] : []), ...pending].map(({ id }) => id),
    ended: () => [...history.keys()],
    forget() {
      if (running) running.interrupted = true;
      running = undefined;
      pending.length = 0;
      history.clear();
    },
    fault: (status, path = '/') => (failing = status === undefined ? undefined : { status, path }),
    close,
  };
}

/** What ComfyUI says of a graph that it does not run (`validate_prompt`). */
function validate(graph: Graph): unknown {
  const outputs = Object.values(graph).filter(({ class_type }) => class_type !== 'Sleep');
  if (outputs.length === 0)
    return {
      error: { type: 'prompt_no_outputs', message: 'Prompt has no outputs', details: '', extra_info: {} },
      node_errors: [],
    };
  const bad = Object.entries(graph).find(([, { inputs }]) => inputs['seed'] === 'x');
  if (!bad) return undefined;
  const error = {
    type: 'invalid_input_type',
    message: 'Failed to convert an input value to a INT value',
    details: 'seed, x, invalid literal for int()',
    extra_info: { input_name: 'seed', received_value: 'x' },
  };
  return {
    error: { type: 'prompt_outputs_failed_validation', message: 'Prompt outputs failed validation', details: '' },
    node_errors: { [bad[0]]: { errors: [error], dependent_outputs: ['9'], class_type: bad[1].class_type } },
  };
}

/** Runs a prompt, and gives the entry that ComfyUI keeps in its history. */
async function execute(prompt: Prompt): Promise<unknown> {
  const { id, graph } = prompt;
  const outputs: Record<string, unknown> = {};
  const messages: unknown[] = [['execution_start', { prompt_id: id, timestamp: 1 }]];
  const end = (event: string, details: object): unknown => {
    messages.push([event, { prompt_id: id, ...details }]);
    const good = event === 'execution_success';
    return {
      prompt: [0, id, graph, {}, ['9']],
      outputs,
      status: { status_str: good ? 'success' : 'error', completed: good, messages },
      meta: {},
    };
  };
  for (const [node, { class_type: type, inputs }] of Object.entries(graph)) {
    for (let slept = 0; type === 'Sleep' && slept < Number(inputs['ms']) && !prompt.interrupted; slept += 20)
      await sleep(20);
    if (prompt.interrupted) return end('execution_interrupted', { node_id: node, node_type: type, executed: [] });
    if (type === 'Fail')
      return end('execution_error', {
        node_id: node,
        node_type: type,
        exception_type: 'RuntimeError',
        exception_message: 'no such model\n',
        traceback: [],
      });
    const file = { filename: inputs['filename'], subfolder: inputs['subfolder'] ?? '', type: 'output' };
    if (type === 'SaveImage') outputs[node] = { images: [file] };
    if (type === 'SaveAudio') outputs[node] = { audio: [file] };
    if (type === 'ShowText') outputs[node] = { text: [inputs['text']] };
  }
  return end('execution_success', {});
}

function view(url: URL, response: ServerResponse): void {
  const filename = url.searchParams.get('filename') ?? '';
  if (filename.startsWith('gone')) {
    response.writeHead(404).end();
    return;
  }
  const bytes = Buffer.from([filename, url.searchParams.get('subfolder'), url.searchParams.get('type')].join('|'));
  if (filename.startsWith('broken')) {
    response.writeHead(200, { 'content-length': bytes.length + 10 }).write(bytes);
    setTimeout(() => response.destroy(), 50);
    return;
  }
  response.writeHead(200, { 'content-type': filename.endsWith('.glb') ? 'model/gltf-binary' : 'image/x-other' });
  response.end(bytes);
}
