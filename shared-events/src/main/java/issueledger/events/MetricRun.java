package issueledger.events;

import org.jspecify.annotations.Nullable;

/** The benchmark run that gave a metric record its value: the measured commit, the machine, the tool, and where its output is. */
public record MetricRun(
        @Nullable String commit,
        @Nullable String machine,
        @Nullable String tool,
        @Nullable String url) {
    public MetricRun {
        Checks checks = new Checks();
        commit = checks.optionalLine("/commit", commit);
        machine = checks.optionalLine("/machine", machine);
        tool = checks.optionalLine("/tool", tool);
        url = checks.optionalUrl("/url", url);
        checks.done();
    }
}
