import { randomUUID } from 'node:crypto';
import type { ToolCall } from '../../domain/request.ts';
import type { ToolCallPiece } from './replies.ts';

interface Call {
  readonly index: number | null | undefined;
  readonly id: string;
  readonly name: string;
  given: string;
}

/** Assembles tool calls that arrive in pieces. */
export class ToolCalls {
  readonly #calls: Call[] = [];

  add(pieces: readonly ToolCallPiece[]): void {
    for (const { index, id, function: named } of pieces) {
      const name = named?.name ?? '';
      const call = this.#continued(index, id, name) ?? this.#begin(index, id, name);
      const given = named?.arguments ?? '';
      call.given += typeof given === 'string' ? given : JSON.stringify(given);
    }
  }

  list(): readonly ToolCall[] {
    return this.#calls.map(({ id, name, given }) => ({
      id: id || `call_${randomUUID().replaceAll('-', '').slice(0, 24)}`,
      name,
      arguments: given || '{}',
    }));
  }

  /**
   * Neither index nor id alone distinguishes calls: Ollama sent 0, or nothing, as the index of all, and some versions of vLLM send a new id
   * with each piece. A piece with both another id and a name begins another call.
   */
  #continued(
    index: number | null | undefined,
    id: string | null | undefined,
    name: string,
  ): Call | undefined {
    const last = this.#calls.findLast((call) => index == null || call.index == null || call.index === index);
    return last !== undefined && name !== '' && id && id !== last.id ? undefined : last;
  }

  #begin(index: number | null | undefined, id: string | null | undefined, name: string): Call {
    const call: Call = { index, id: id ?? '', name, given: '' };
    this.#calls.push(call);
    return call;
  }
}
