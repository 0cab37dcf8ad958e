//! The words about array jobs of Slurm.

netkata::words! {
    /// What the system refused to do with a file: verbs in the infinitive.
    CREATE = "create";
    FIND = "find";
    WRITE = "write";

    path_is_no_unicode(folder) = "failed to name {folder} in a script: its path is not Unicode; choose another";
    waits_for(job, tasks) = "waiting for the {tasks} tasks of job {job}; `scancel {job}` ends them";
    failed_to_start(program, error) = "failed to start {program}: {error}";
    sbatch_has_submitted_nothing(status) = "sbatch submitted nothing: {status}";
    NO_MAX_ARRAY_SIZE = "`scontrol show config` prints no MaxArraySize: does the controller of Slurm run?";
    parts_have_no_results(numbers, all, times, log) =
        "these parts of {all} have no results after {times} attempts: {numbers}; see {log}";
}
