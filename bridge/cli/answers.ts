import type { AskAnswer, AskView, Question } from "../../shared/ask";
import { oneLine } from "../inert";
import { OctoError } from "../octo-error";

/**
 * What a person typed, as an answer. One question takes all labels; several questions take one argument each, in their order, with
 * commas where several may be chosen. A label counts in any case, or by its number. ASK_ANSWER_INVALID names what would do.
 */
export function toAnswer({ content, id }: AskView, given: readonly string[]): AskAnswer {
  if (content.kind !== "question") throw new OctoError("ASK_ANSWER_INVALID", `${id} is a permission: octo allow ${id}, or octo deny ${id}`);
  const { questions } = content;
  const [only] = questions;
  if (only && questions.length === 1) return { kind: "answers", answers: [choose(only, given)] };
  if (given.length !== questions.length) {
    throw new OctoError("ASK_ANSWER_INVALID", `${id} asks ${questions.length} questions: give one argument each, not ${given.length}`);
  }
  const answers = questions.map((question, index) => {
    const labels = given[index] ?? "";
    return choose(question, question.multiple && !isLabel(question, labels) ? labels.split(",") : [labels]);
  });
  return { kind: "answers", answers };
}

function choose(question: Question, given: readonly string[]): readonly string[] {
  const chosen = [...new Set(given.map((each) => labelOf(question, each.trim())))];
  if (chosen.length > 1 && !question.multiple) {
    throw new OctoError("ASK_ANSWER_INVALID", `"${oneLine(question.question)}" takes one answer, not ${chosen.length}`);
  }
  return chosen;
}

function labelOf(question: Question, given: string): string {
  const exact = question.options.find(({ label }) => label === given);
  const found = exact ?? question.options.find(({ label }) => label.toLowerCase() === given.toLowerCase());
  const option = found ?? (/^\d{1,3}$/.test(given) ? question.options[Number(given) - 1] : undefined);
  if (option) return option.label;
  const labels = question.options.map(({ label }) => oneLine(label)).join(", ");
  throw new OctoError("ASK_ANSWER_INVALID", `${JSON.stringify(given)} is no option of "${oneLine(question.question)}": ${labels}`);
}

function isLabel({ options }: Question, given: string): boolean {
  return options.some(({ label }) => label === given);
}
