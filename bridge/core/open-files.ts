/** What the bridge needs for itself: database, logs, the socket, git and ssh with their pipes, hooks and terminals' programs. */
const ownFiles = 128;
/** The event stream, requests at once, and what a start needs for a moment. */
const filesAnInstance = 16;
/** A GUI, a board and a few commands always get through. */
const connectionsMin = 32;

export interface OpenFilesWanted {
  readonly instancesMax: number;
  readonly connectionsMax: number;
}

/** How many of each there may be, so that the limit of open files is never met: nobody can tell what fails then, least of all a write. */
export interface OpenFilesShare extends OpenFilesWanted {
  /** Of the process; undefined where it is not known, and then nothing is held back. */
  readonly filesMax: number | undefined;
  /** For all that is wanted. */
  readonly filesNeeded: number;
}

/** First what connections need at least, then the instances, then more connections. One instance is never refused. */
export function shareOpenFiles(filesMax: number | undefined, wanted: OpenFilesWanted): OpenFilesShare {
  const filesNeeded = ownFiles + wanted.instancesMax * filesAnInstance + wanted.connectionsMax;
  if (filesMax === undefined || filesMax >= filesNeeded) return { ...wanted, filesMax, filesNeeded };
  const left = filesMax - ownFiles;
  const forInstances = Math.floor((left - connectionsMin) / filesAnInstance);
  const instancesMax = Math.max(1, Math.min(wanted.instancesMax, forInstances));
  const connectionsMax = Math.max(connectionsMin, Math.min(wanted.connectionsMax, left - instancesMax * filesAnInstance));
  return { instancesMax, connectionsMax, filesMax, filesNeeded };
}
