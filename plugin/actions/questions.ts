import * as wezterm from "wezterm";
import { isAskId } from "../ids";
import { call } from "../link/call";
import { isTable, tableAt, tablesAt, textAt } from "../read";
import { type Choice, choose, endForm, formOf, keepForm, splitId } from "./forms";
import { report } from "./tasks";
import { rowColumns, rowsOf } from "./whole-text";

// One question after the other; where several answers may be given, a choice marks and "done" ends.

export const questionEvent = "octo-question";

/** Asks the first question of an ask. Yields. */
export function showQuestion(window: wezterm.Window, pane: wezterm.Pane, ask: unknown): void {
  const questions = tablesAt(tableAt(ask, "content"), "questions");
  // Made anew: a table that is there twice is null in JSON the second time.
  const plain = questions.map((question) => ({
    question: textAt(question, "question") ?? "",
    multiple: question.multiple === true,
    options: tablesAt(question, "options").map((option) => ({
      label: textAt(option, "label") ?? "",
      description: textAt(option, "description") ?? "",
    })),
  }));
  show(window, pane, { askId: textAt(ask, "id") ?? "", questions: plain, answers: [], marked: [] });
}

interface QuestionForm {
  readonly askId: string;
  readonly questions: readonly unknown[];
  /** The chosen labels of the questions that are done. */
  readonly answers: readonly (readonly string[])[];
  /** Those of the question that is asked. */
  readonly marked: readonly string[];
}

function show(window: wezterm.Window, pane: wezterm.Pane, form: QuestionForm): void {
  const question = form.questions[form.answers.length];
  if (question === undefined) return send(window, form);
  keepForm(window, { ...form });
  const isMultiple = isTable(question) && question.multiple === true;
  const columns = rowColumns(window);
  const choices: Choice[] = [];
  tablesAt(question, "options").forEach((option, index) => {
    const label = textAt(option, "label") ?? "";
    const text = `${form.marked.includes(label) ? "✓ " : ""}${label}  ${textAt(option, "description") ?? ""}`;
    choices.push(...rowsOf(`option:${index + 1}`, text, columns));
  });
  if (isMultiple && form.marked.length > 0) choices.unshift({ id: "done:", label: "done: send these" });
  choices.push({ id: "reject:", label: "reject the question" });
  const text = textAt(question, "question") ?? "";
  // The title has one row.
  if (wezterm.column_width(text) > columns || string.find(text, "\n", 1, true)[0] !== undefined) {
    choices.push(...rowsOf("text:", `── ${text}`, columns, "  │ "));
  }
  choose(window, pane, questionEvent, text, choices);
}

export function onQuestion(window: wezterm.Window, pane: wezterm.Pane, id: string | undefined): void {
  const form = readForm(formOf(window));
  if (form === undefined || id === undefined) return endForm(window);
  const question = form.questions[form.answers.length];
  const [verb, rest] = splitId(id);
  if (verb === "reject") {
    endForm(window);
    if (isAskId(form.askId))
      report(window, "rejected", call("answer_ask", { askId: form.askId, answer: { kind: "deny" }, surface: "palette" }));
    return;
  }
  // A row of the question: it is only to be read.
  if (verb === "text") return show(window, pane, form);
  if (verb === "done") return show(window, pane, { ...form, answers: [...form.answers, form.marked], marked: [] });
  const label = textAt(tablesAt(question, "options")[(tonumber(rest) ?? 0) - 1], "label");
  if (label === undefined) return endForm(window);
  const isMultiple = isTable(question) && question.multiple === true;
  if (!isMultiple) return show(window, pane, { ...form, answers: [...form.answers, [label]], marked: [] });
  const marked = form.marked.includes(label) ? form.marked.filter((each) => each !== label) : [...form.marked, label];
  show(window, pane, { ...form, marked });
}

function send(window: wezterm.Window, { askId, answers }: QuestionForm): void {
  endForm(window);
  if (isAskId(askId)) report(window, "answered", call("answer_ask", { askId, answer: { kind: "answers", answers }, surface: "palette" }));
}

function readForm(kept: Readonly<Record<string, unknown>>): QuestionForm | undefined {
  const askId = textAt(kept, "askId");
  const questions = tablesAt(kept, "questions");
  if (askId === undefined || questions.length === 0) return undefined;
  const answers: string[][] = [];
  if (Array.isArray(kept.answers)) for (const each of kept.answers) answers.push(textsOf(each));
  return { askId, questions, answers, marked: textsOf(kept.marked) };
}

function textsOf(list: unknown): string[] {
  const texts: string[] = [];
  if (Array.isArray(list)) for (const item of list) if (typeof item === "string") texts.push(item);
  return texts;
}
