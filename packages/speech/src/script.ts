/** Scripts that indicate a language well enough to speak it, each with the language for eSpeak. */
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

/** The start of a text is enough to find its script. */
const LOOK_AT = 2_000;

/** The language of a text by its script, if most of its letters are not Latin. Kana mean Japanese, even among more Han characters. */
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
