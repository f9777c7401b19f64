package issueledger.metricsimport;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A tool's output and its media type. */
public enum ReportFormat {
    K6("application/vnd.k6.summary+json"),
    JMH("application/vnd.jmh+json"),
    WRK("text/vnd.wrk"),
    GATLING("application/vnd.gatling.stats+json"),
    APACHE_BENCH("text/vnd.apache-bench"),
    LOCUST("text/vnd.locust+csv"),
    HEY("text/vnd.hey");

    private final String mediaType;

    ReportFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    public String mediaType() {
        return mediaType;
    }

    /** @param mediaType without parameters */
    public static Optional<ReportFormat> of(String mediaType) {
        return Arrays.stream(values())
                .filter(format -> format.mediaType.equals(mediaType.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** The tool that wrote this text; empty if it is none of these. */
    public static Optional<ReportFormat> recognised(String text) {
        return Arrays.stream(values()).filter(format -> format.wrote(text)).findFirst();
    }

    private boolean wrote(String text) {
        try {
            read(text);
            return true;
        } catch (UnreadableReport e) {
            return false;
        }
    }

    /**
     * Reads the tool's output.
     *
     * @throws UnreadableReport where it is none
     */
    public Figures read(String text) {
        Figures figures = switch (this) {
            case K6 -> K6Summary.read(text);
            case JMH -> JmhResults.read(text);
            case WRK -> WrkReport.read(text);
            case GATLING -> GatlingStats.read(text);
            case APACHE_BENCH -> ApacheBenchReport.read(text);
            case LOCUST -> LocustStats.read(text);
            case HEY -> HeyReport.read(text);
        };
        if (figures.figures().isEmpty()) {
            throw new UnreadableReport(TextLines.first(text), "begins a file in which no metric can be recorded");
        }
        return figures;
    }
}
