import { existsSync, readFileSync } from 'node:fs';
import { text as readAll } from 'node:stream/consumers';
import { CommandFailure } from '../failure.ts';

/** What the user wants explained. */
export type Subject =
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'answer'; readonly text: string; readonly from: string };

/**
 * Decides what an argument is. `-` is stdin; text that begins like JSON, HTML, HTTP or an event stream is an answer; the name of an
 * existing file is a file; anything else is a word.
 *
 * @throws CommandFailure if a file cannot be read or is empty
 */
export async function readSubject(argument: string): Promise<Subject> {
  if (argument === '-') return answer(await readAll(process.stdin), 'stdin');
  if (/^\s*(?:[{[<]|HTTP\/\d|(?:data|event|id):)/.test(argument)) return answer(argument, 'the argument');
  if (existsSync(argument)) return answer(readFile(argument), argument);
  if (/[/\\]|\.(?:json|txt|log|http)$/i.test(argument) && !argument.includes(' '))
    throw new CommandFailure(`there is no file ${argument}`);
  return { kind: 'word', word: argument.trim() };
}

function answer(text: string, from: string): Subject {
  if (text.trim() === '') throw new CommandFailure(`${from} is empty`);
  return { kind: 'answer', text, from };
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CommandFailure(`${path} cannot be read: ${(error as Error).message}`);
  }
}
