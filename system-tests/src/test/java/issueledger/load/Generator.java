package issueledger.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** {@link OpenLoop} in a process of its own, on a processor of its own where {@code taskset} is there. */
public final class Generator implements AutoCloseable {
    /** Result of a load; times in milliseconds. */
    public record Figures(Map<String, Double> values) {
        double get(String name) {
            Double value = values.get(name);
            if (value == null) {
                throw new IllegalArgumentException("there is no figure " + name + " in " + values);
            }
            return value;
        }

        public double offeredPerSecond() {
            return get("offered") / get("seconds");
        }

        public double acceptedPerSecond() {
            return get("accepted") / get("seconds");
        }

        public double acceptedP50() {
            return get("acceptedP50");
        }

        public double acceptedP99() {
            return get("acceptedP99");
        }

        public double shed() {
            return get("shed");
        }

        public double shedP99() {
            return get("shedP99");
        }

        /** Connections that were refused or reset before an answer. */
        public double refused() {
            return get("refused");
        }

        /** Requests without any answer within 12 s, and those that the generator could not send. */
        public double late() {
            return get("late");
        }

        /** Answers that were cut off, or that are neither accepted nor 503. */
        public double wrong() {
            return get("broken") + get("other");
        }

        /** How late the generator itself was; of a few milliseconds, if its figures mean anything. */
        public double lagP99() {
            return get("lagP99");
        }
    }

    private final Process process;
    private final PrintWriter loads;
    private final BufferedReader figures;
    private final Path acknowledged;
    private int number;

    /** @param core the processor to run on, -1 for any */
    public Generator(Path folder, int core) throws IOException {
        acknowledged = folder.resolve("acknowledged-" + System.nanoTime());
        List<String> command = new ArrayList<>(core < 0 ? List.of() : List.of("taskset", "-c", "" + core));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (core >= 0) {
            command.add("-XX:ActiveProcessorCount=1");
        }
        command.addAll(List.of(
                "-Xmx1500m",
                "-Xmn1000m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                OpenLoop.class.getName(),
                acknowledged.toString()));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        loads = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        figures = process.inputReader(StandardCharsets.UTF_8);
    }

    /** @param perSecond requests a second; 0 for 64 clients, each of which sends its next request when it has its answer */
    public Figures offer(String work, int commandPort, int queryPort, double perSecond, double seconds)
            throws IOException {
        loads.println(String.join(
                " ",
                work,
                "" + commandPort,
                "" + queryPort,
                "" + Math.round(perSecond),
                "" + seconds,
                "load-key-" + ProcessHandle.current().pid() + "-" + number++ + "-"));
        String line = figures.readLine();
        if (line == null) {
            throw new IOException("the load generator ended");
        }
        Map<String, Double> values = new TreeMap<>();
        for (String figure : line.split(" ")) {
            int equals = figure.indexOf('=');
            if (equals > 0) {
                values.put(figure.substring(0, equals), Double.parseDouble(figure.substring(equals + 1)));
            }
        }
        System.out.println("     " + work + " " + line);
        return new Figures(values);
    }

    /** The idempotency keys of all commands that were acknowledged. */
    public List<String> acknowledged() throws IOException {
        return Files.readAllLines(acknowledged);
    }

    @Override
    public void close() {
        loads.close();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
