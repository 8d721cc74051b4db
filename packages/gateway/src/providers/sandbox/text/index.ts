export { baseModel } from './base-model.ts';
export { embed } from './embed.ts';
export { generateText, type TextRequest, type TextUsage } from './generate.ts';
export { type NgramModel, trainNgram } from './ngram.ts';
export { parseNgram, serializeNgram } from './ngram-file.ts';
export { countTokens, tokens } from './tokens.ts';
