import { parseWith } from '../../../planner/index.js';
import { questionInput } from '../../models/tasks/text.js';
import { bm25 } from './bm25.js';
import type { Heuristic } from './heuristic.js';
import { ownParameters } from './parameters.js';
import { contentWordsOf, sentencesOf } from './words.js';

/** The sentence of the context that answers best by BM25, with the share of the question's words that it holds. */
export const answerQuestion: Heuristic = (parameters) => {
  const { top_k: topK } = ownParameters('question_answering', parameters);
  return (input) => {
    const { question, context } = parseWith(questionInput, input, 'input');
    const answers = answersIn(context, question);
    const [best] = answers;
    return topK === 1 ? (best ?? { answer: '', score: 0 }) : answers.slice(0, topK);
  };
};

function answersIn(context: string, question: string): { answer: string; score: number }[] {
  const sentences = sentencesOf(context);
  const scores = bm25(question, sentences);
  const wanted = new Set(contentWordsOf(question));
  return sentences
    .map((answer, index) => ({ answer, rank: scores[index] ?? 0 }))
    .sort((left, right) => right.rank - left.rank)
    .map(({ answer }) => ({ answer, score: shareOf(wanted, new Set(contentWordsOf(answer))) }));
}

function shareOf(wanted: ReadonlySet<string>, there: ReadonlySet<string>): number {
  return wanted.size === 0 ? 0 : [...wanted].filter((word) => there.has(word)).length / wanted.size;
}
