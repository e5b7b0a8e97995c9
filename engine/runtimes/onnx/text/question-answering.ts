import { ModelJobError } from '../../../../planner/index.js';
import type { QuestionInput } from '../../../models/tasks/text.js';
import { floatData } from '../float-data.js';
import type { ModelLoader } from '../model-source.js';
import { outputNamed } from '../outputs.js';
import { parametersBy } from '../parameters.js';
import { encodeBeside, type Encoded } from '../tokens/encoded.js';
import { placeInRow } from '../tokens/row-template.js';
import type { PlacedToken } from '../tokens/placed-tokens.js';
import { runEncoded } from '../tokens/run-encoded.js';
import { runRows, type Ran } from '../tokens/run-rows.js';
import type { TextTokenizer } from '../tokens/text-tokenizer.js';
import { answersIn, type WindowLogits } from './answers.js';
import { taskParameters } from '../../../models/tasks/parameters/index.js';

/** The longest window that is taken unless the request says otherwise, and what two windows share: transformers' own. */
const usualWindow = 384;
const usualStride = 128;

/** Answers that stand in a context, which is read in windows where it is long: the rules of transformers' pipeline. */
export const questionAnswering: ModelLoader = async (source) => {
  const [tokenizer, network] = await Promise.all([
    source.tokenizer(),
    source.network((library) => library.AutoModelForQuestionAnswering),
  ]);
  return {
    async run(inputs, options) {
      const parameters = parametersBy(taskParameters.question_answering, options);
      return runEncoded(
        inputs as QuestionInput[],
        options,
        (input) => encodeQuestion(tokenizer, input, parameters),
        (rows) => runRows(network, tokenizer, rows, options.signal, logitsOf),
        (logits, { tokens, parts, place }, { context }) => {
          const windows = logits.map((window, at): WindowLogits => {
            const { from, to } = parts[at] ?? { from: 0, to: 0 };
            return { ...window, place, tokens: tokens.slice(from, to) };
          });
          const answers = answersIn(context, windows, parameters);
          return parameters.top_k === 1 ? (answers[0] ?? { score: 0, start: 0, end: 0, answer: '' }) : answers;
        },
      );
    },
    async dispose() {
      await network.dispose();
    },
  };
};

interface EncodedQuestion extends Encoded {
  /** The tokens of the context. */
  tokens: readonly PlacedToken[];
  /** Where the context begins in each row. */
  place: number;
}

interface WindowParameters {
  max_seq_len?: number | undefined;
  doc_stride?: number | undefined;
  truncation: 'cut' | 'refuse' | 'windows';
}

function encodeQuestion(
  tokenizer: TextTokenizer,
  { question, context }: QuestionInput,
  { max_seq_len: asked = usualWindow, doc_stride: stride, truncation }: WindowParameters,
): EncodedQuestion {
  const maxLength = Math.min(asked, tokenizer.maxLength);
  const whole = tokenizer.tokensOf(question);
  const tokens = tokenizer.placedTokensOf(context);
  const room = maxLength - tokenizer.pair.specials - whole.length;
  const half = Math.floor(maxLength / 2);
  // A long question leaves windows that can't share half of one.
  const usual = Math.min(usualStride, half < room ? half : Math.max(Math.floor(room / 2), 0));
  // With padding on the left the context stands first, as transformers has it.
  const first = tokenizer.padding.side === 'right' ? 'whole' : 'text';
  const beside = { text: tokens.map(({ id }) => id), whole, first, maxLength } as const;
  const encoded = encodeBeside(tokenizer, beside, { truncation, stride: stride ?? usual });
  if (!encoded) refuseQuestion(whole.length, maxLength);
  const place = first === 'text' ? placeInRow(tokenizer.pair, 0) : placeInRow(tokenizer.pair, 1, whole.length);
  return { ...encoded, tokens, place };
}

function refuseQuestion(tokens: number, maxLength: number): never {
  const message = `the question has ${tokens} tokens and leaves no room for the context in a window of ${maxLength}`;
  throw new ModelJobError('InvalidArgument', `question: ${message}`, { problems: [{ path: 'question', message }] });
}

/** The logits of each row, without padding. */
function logitsOf({ outputs, width, spans }: Ran): { start: Float32Array; end: Float32Array }[] {
  const [start, end] = ['start_logits', 'end_logits'].map((name) => floatData(outputNamed(outputs, name)));
  return spans.map(({ from, to }, row) => ({
    start: (start ?? new Float32Array()).slice(row * width + from, row * width + to),
    end: (end ?? new Float32Array()).slice(row * width + from, row * width + to),
  }));
}
