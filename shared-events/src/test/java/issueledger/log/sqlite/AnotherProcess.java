package issueledger.log.sqlite;

import static issueledger.log.LogExamples.appended;
import static issueledger.log.LogExamples.commit;
import static issueledger.log.LogExamples.note;

import issueledger.log.EventLog;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** Appends to a log from a JVM of its own: file, stream, how many events, and by how many seconds its clock is fast. */
final class AnotherProcess {
    private AnotherProcess() {}

    public static void main(String[] arguments) {
        Clock clock = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(Long.parseLong(arguments[3])));
        try (EventLog log = SqliteEventLog.open(Path.of(arguments[0]), clock)) {
            for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
                appended(log, commit(note(arguments[1], i)));
            }
        }
    }

    static Process start(Path file, String stream, int events, long secondsFast) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AnotherProcess.class.getName(),
                        file.toString(),
                        stream,
                        Integer.toString(events),
                        Long.toString(secondsFast))
                .inheritIO()
                .start();
    }
}
