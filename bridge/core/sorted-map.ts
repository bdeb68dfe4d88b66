/** Negative when `a` comes first, 0 when both are the same key. */
export type Compare<Key> = (a: Key, b: Key) => number;

interface Node<Key, Value> {
  readonly key: Key;
  readonly value: Value;
  readonly left: Tree<Key, Value>;
  readonly right: Tree<Key, Value>;
  readonly height: number;
}
type Tree<Key, Value> = Node<Key, Value> | undefined;

/**
 * A map in order of its keys that never changes: `with` and `without` give a new one, which shares all but one path with the old one.
 * So a step of the core costs the same with ten tasks as with ten thousand, and the state before it stays what it was.
 * An AVL tree (Adelson-Velsky and Landis, 1962): every operation on one key takes O(log size).
 */
export class SortedMap<Key, Value> {
  readonly size: number;
  readonly #tree: Tree<Key, Value>;
  readonly #compare: Compare<Key>;

  private constructor(compare: Compare<Key>, tree: Tree<Key, Value>, size: number) {
    this.#compare = compare;
    this.#tree = tree;
    this.size = size;
  }

  static empty<Key, Value>(compare: Compare<Key>): SortedMap<Key, Value> {
    return new SortedMap<Key, Value>(compare, undefined, 0);
  }

  /** The empty map in the same order. */
  cleared(): SortedMap<Key, Value> {
    return new SortedMap<Key, Value>(this.#compare, undefined, 0);
  }

  get(key: Key): Value | undefined {
    return this.#find(key)?.value;
  }

  has(key: Key): boolean {
    return this.#find(key) !== undefined;
  }

  /** The entry with the lowest key. */
  first(): readonly [Key, Value] | undefined {
    if (!this.#tree) return undefined;
    const { key, value } = lowest(this.#tree);
    return [key, value];
  }

  with(key: Key, value: Value): SortedMap<Key, Value> {
    return new SortedMap(this.#compare, insert(this.#tree, key, value, this.#compare), this.size + (this.has(key) ? 0 : 1));
  }

  without(key: Key): SortedMap<Key, Value> {
    if (!this.has(key)) return this;
    return new SortedMap(this.#compare, remove(this.#tree, key, this.#compare), this.size - 1);
  }

  entries(): readonly (readonly [Key, Value])[] {
    return inOrder(this.#tree, ({ key, value }) => [key, value] as const);
  }

  keys(): readonly Key[] {
    return inOrder(this.#tree, ({ key }) => key);
  }

  values(): readonly Value[] {
    return inOrder(this.#tree, ({ value }) => value);
  }

  #find(key: Key): Tree<Key, Value> {
    let node = this.#tree;
    while (node) {
      const order = this.#compare(key, node.key);
      if (order === 0) return node;
      node = order < 0 ? node.left : node.right;
    }
    return undefined;
  }
}

function inOrder<Key, Value, Result>(tree: Tree<Key, Value>, pick: (entry: Entry<Key, Value>) => Result): readonly Result[] {
  const results: Result[] = [];
  const visit = (node: Tree<Key, Value>): void => {
    if (!node) return;
    visit(node.left);
    results.push(pick(node));
    visit(node.right);
  };
  visit(tree);
  return results;
}

function height<Key, Value>(tree: Tree<Key, Value>): number {
  return tree?.height ?? 0;
}

function lowest<Key, Value>(node: Node<Key, Value>): Node<Key, Value> {
  let lowestYet = node;
  while (lowestYet.left) lowestYet = lowestYet.left;
  return lowestYet;
}

function join<Key, Value>(left: Tree<Key, Value>, { key, value }: Entry<Key, Value>, right: Tree<Key, Value>): Node<Key, Value> {
  return { key, value, left, right, height: 1 + Math.max(height(left), height(right)) };
}
type Entry<Key, Value> = Pick<Node<Key, Value>, "key" | "value">;

/** As `join`, for sides whose heights differ by two at most: rotates, so that they differ by one at most. */
function balance<Key, Value>(left: Tree<Key, Value>, entry: Entry<Key, Value>, right: Tree<Key, Value>): Node<Key, Value> {
  const lean = height(left) - height(right);
  if (lean > 1 && left) {
    const inner = left.right;
    if (height(left.left) >= height(inner) || !inner) return join(left.left, left, join(inner, entry, right));
    return join(join(left.left, left, inner.left), inner, join(inner.right, entry, right));
  }
  if (lean < -1 && right) {
    const inner = right.left;
    if (height(right.right) >= height(inner) || !inner) return join(join(left, entry, inner), right, right.right);
    return join(join(left, entry, inner.left), inner, join(inner.right, right, right.right));
  }
  return join(left, entry, right);
}

function insert<Key, Value>(tree: Tree<Key, Value>, key: Key, value: Value, compare: Compare<Key>): Node<Key, Value> {
  if (!tree) return { key, value, left: undefined, right: undefined, height: 1 };
  const order = compare(key, tree.key);
  if (order < 0) return balance(insert(tree.left, key, value, compare), tree, tree.right);
  if (order > 0) return balance(tree.left, tree, insert(tree.right, key, value, compare));
  return join(tree.left, { key, value }, tree.right);
}

function remove<Key, Value>(tree: Tree<Key, Value>, key: Key, compare: Compare<Key>): Tree<Key, Value> {
  if (!tree) return undefined;
  const order = compare(key, tree.key);
  if (order < 0) return balance(remove(tree.left, key, compare), tree, tree.right);
  if (order > 0) return balance(tree.left, tree, remove(tree.right, key, compare));
  if (!tree.right) return tree.left;
  const next = lowest(tree.right);
  return balance(tree.left, next, remove(tree.right, next.key, compare));
}
