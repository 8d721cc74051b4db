/**
 * Leaves only what may be spoken. eSpeak obeys control bytes (Ctrl-A starts a command) and phonemes in double brackets also in
 * plain text, so the first go and the second are broken up; unpaired surrogates, private and unassigned characters would be read
 * out as "letter, D, eight, three, …".
 */
export function plainText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cf}\u200c\u200d]/gu, '') // soft hyphens and the like; joiners stay, emoji are made with them
    .replace(/[^\P{C}\n\u200c\u200d]|\ufffd/gu, ' ')
    .replace(/\[(?=\[)/g, '[ ')
    .trim();
}
