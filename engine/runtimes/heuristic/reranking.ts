import { parseWith, type JsonValue } from '../../../planner/index.js';
import { rerankingInput } from '../../models/tasks/text.js';
import { bm25 } from './bm25.js';
import type { Heuristic } from './heuristic.js';

/** Reranking by BM25: the more of the query's rarer words, the better. */
export const rerank: Heuristic =
  () =>
  (input): JsonValue => {
    const read = parseWith(rerankingInput, input, 'input');
    if ('documents' in read) return { scores: bm25(read.query, read.documents) };
    return { score: bm25(read.query, [read.document])[0] ?? 0 };
  };
