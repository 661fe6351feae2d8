import type { Problem } from "./document.js";

/** What a server refuses or fails to answer, with its problem document (RFC 9457) where it sent one. */
export class GradusError extends Error {
  override readonly name: string = "GradusError";
  /** The HTTP status; 0 where no answer came. */
  readonly status: number;
  /** The stable code of the problem, such as `unknown_concept`; empty where no problem document came. */
  readonly code: string;
  /** What may have been meant, nearest first. */
  readonly suggestions: readonly string[];
  /** The problem document. */
  readonly problem: Problem | undefined;

  constructor(message: string, status: number, problem?: Problem, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
    this.code = problem?.code ?? "";
    this.suggestions = problem?.suggestions ?? [];
    this.problem = problem;
  }
}

/** The error that `response` tells of. */
export async function refusal(response: Response): Promise<GradusError> {
  const text = await response.text();
  const problem = read(text);
  const detail = problem?.detail ?? (text.trim().slice(0, 200) || response.statusText);
  return new GradusError(`${response.status}: ${detail}`, response.status, problem);
}

function read(text: string): Problem | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "code" in value ? (value as Problem) : undefined;
  } catch {
    return undefined;
  }
}
