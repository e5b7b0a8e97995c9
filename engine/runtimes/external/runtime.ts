import { ModelJobError } from '../../../planner/index.js';
import type { LoadedModel, LoadRequest, ModelRuntime } from '../../models/contract/model-runtime.js';
import { createFolderClaims, leaveFolder } from '../../models/contract/own-folder.js';
import { limited } from '../../commands/limits.js';
import { admittedCommand } from './admitted-command.js';
import { startConversation, type Conversation } from './conversation.js';
import { exchange } from './exchange.js';
import { greet } from './greet.js';
import type { ProgramCommand } from './served-process.js';

/** Seconds that a program may take to be ready, and for an input, where the request says nothing. */
const defaultTimeoutSeconds = 3600;

/** Models that a program of the operator's serves over JSON Lines: docs/external-models.md. */
export const runtime: ModelRuntime = {
  async load(request) {
    const command = await commandOf(request);
    const timeoutSeconds = request.options.command?.timeoutSeconds ?? defaultTimeoutSeconds;
    const connect = async (signal: AbortSignal): Promise<Conversation> => {
      const conversation = startConversation(command, request.log);
      await greet(conversation, request, { command: command.command, timeoutSeconds, signal });
      return conversation;
    };
    const first = await connect(request.signal);
    return servedModel(first, connect, { command: command.command, timeoutSeconds, log: request.log });
  },
};

async function commandOf({ spec, options, settings }: LoadRequest): Promise<ProgramCommand> {
  if (spec.source.kind !== 'external_command') {
    throw new ModelJobError(
      'InvalidArgument',
      `spec.source: the external runtime needs an external_command, not ${spec.source.kind}`,
    );
  }
  const { command } = spec.source;
  return { command, ...(await limited(await admittedCommand(command, options.command, settings))) };
}

function servedModel(
  first: Conversation,
  connect: (signal: AbortSignal) => Promise<Conversation>,
  facts: { command: string; timeoutSeconds: number; log: (line: string) => void },
): LoadedModel {
  let conversation = first;
  let id = 0;
  const claims = createFolderClaims();
  const own = new Map<string, string>();
  return {
    takesText: true,
    async run(inputs, options) {
      options.signal.throwIfAborted();
      if (inputs.length === 0) return [];
      // One that ended since, by itself or for a cancel, is started again.
      if (!conversation.alive()) {
        await conversation.end('kill');
        conversation = await connect(options.signal);
      }
      // Programs name their files by ids, which begin anew in each process.
      const folder = own.get(options.folder) ?? (await claims.claim(options.folder));
      own.set(options.folder, folder);
      try {
        return await exchange(conversation, inputs, { ...options, ...facts, folder, nextId: () => ++id });
      } finally {
        if (await leaveFolder(folder)) own.delete(options.folder);
      }
    },
    async dispose() {
      await conversation.end('ask');
    },
  };
}
