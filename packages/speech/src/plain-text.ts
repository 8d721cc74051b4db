/**
 * Removes what must not be spoken. Even in plain text eSpeak interprets control bytes (Ctrl-A starts a command) and phonemes in double
 * brackets, so control bytes are removed and the brackets are broken up. Lone surrogates and private or unassigned characters would be read
 * out as "letter, D, eight, three, …".
 */
export function plainText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cf}\u200c\u200d]/gu, '') // soft hyphens and the like; joiners stay, because emoji are made with them
    .replace(/[^\P{C}\n\u200c\u200d]|\ufffd/gu, ' ')
    .replace(/\[(?=\[)/g, '[ ')
    .trim();
}
