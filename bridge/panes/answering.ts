import type { AskAnswer, Question } from "../../shared/ask";
import type { AskId } from "../../shared/ids";

/** Answers under way to an ask with several questions or several choices. */
export interface Answering {
  readonly askId: AskId;
  /** Of the questions before the one at hand. */
  readonly done: readonly (readonly string[])[];
  /** Of the question at hand. */
  readonly chosen: readonly string[];
}

/** Either still under way, or the whole answer. */
export type Answered = { readonly answering: Answering } | { readonly answer: AskAnswer };

/** What a digit means: that option, and for a question with one answer the next question too. Undefined where there is no such option. */
export function withDigit(answering: Answering, questions: readonly Question[], digit: number): Answered | undefined {
  const question = questions[answering.done.length];
  const label = question?.options[digit - 1]?.label;
  if (!question || label === undefined) return undefined;
  if (!question.multiple) return advanced(answering, [label], questions);
  const { chosen } = answering;
  const toggled = chosen.includes(label) ? chosen.filter((each) => each !== label) : [...chosen, label];
  return { answering: { ...answering, chosen: toggled } };
}

/** On to the next question with what is chosen, or away with all the answers. */
export function withChosen(answering: Answering, questions: readonly Question[]): Answered {
  return advanced(answering, answering.chosen, questions);
}

function advanced({ askId, done }: Answering, chosen: readonly string[], questions: readonly Question[]): Answered {
  const answers = [...done, chosen];
  if (answers.length < questions.length) return { answering: { askId, done: answers, chosen: [] } };
  return { answer: { kind: "answers", answers } };
}
