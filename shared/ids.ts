/** Branded ids. They are made in the bridge's runtime only; everything else passes them on. */
declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

/** `tsk_…`: one prompt the user wants done. */
export type TaskId = Id<"task">;
/** `ins_…`: one supervised OpenCode server. */
export type InstanceId = Id<"instance">;
/** `local`, or the name of an SSH host. */
export type HostId = Id<"host">;
/** OpenCode's own id of a permission (`per_…`) or question (`que_…`). */
export type AskId = Id<"ask">;
