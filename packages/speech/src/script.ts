/** Scripts that tell a language well enough to read it out, with the language that eSpeak should take for each. */
const LANGUAGE_OF_SCRIPT: readonly (readonly [RegExp, string])[] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/gu, 'ja'],
  [/\p{Script=Hangul}/gu, 'ko'],
  [/\p{Script=Han}/gu, 'cmn'],
  [/\p{Script=Cyrillic}/gu, 'ru'],
  [/\p{Script=Greek}/gu, 'el'],
  [/\p{Script=Arabic}/gu, 'ar'],
  [/\p{Script=Hebrew}/gu, 'he'],
  [/\p{Script=Devanagari}/gu, 'hi'],
  [/\p{Script=Thai}/gu, 'th'],
];

/** The start of a text tells its script; a whole book need not be searched. */
const LOOK_AT = 2_000;

/** The language of a text by its script, when most of its letters are not Latin. Kana decide for Japanese even among more Han. */
export function languageOfScript(text: string): string | undefined {
  const start = text.slice(0, LOOK_AT);
  const letters = start.match(/\p{L}/gu)?.length ?? 0;
  let foreign = 0;
  let best: string | undefined;
  let most = 0;
  for (const [script, language] of LANGUAGE_OF_SCRIPT) {
    const count = start.match(script)?.length ?? 0;
    foreign += count;
    const weight = language === 'ja' ? count * 4 : count;
    if (weight > most) [best, most] = [language, weight];
  }
  return foreign * 2 > letters ? best : undefined;
}
