package issueledger.cli.evidence;

import issueledger.events.Checks;
import issueledger.events.Statistic;
import issueledger.log.CommitHash;
import issueledger.metricsimport.Figure;
import issueledger.metricsimport.ReportFormat;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The figures of repeated runs of one tool, a file a run. A figure that is in some of the files only has fewer samples than the others.
 *
 * @param hash of all files, in their order
 */
record Runs(ReportFormat tool, int files, Map<Name, Series> series, String hash) {

    /** A series without its environment. */
    record Name(String name, Statistic statistic) {
        @Override
        public String toString() {
            return name + " " + statistic;
        }

        /** True if it is called by its name, or by name and statistic. */
        boolean isCalled(String label) {
            return label.equals(name) || label.equals(toString());
        }
    }

    /** @param files how many of the files have it */
    record Series(Figure figure, int files) {
        private Series with(Figure another) {
            List<BigDecimal> samples = new ArrayList<>(figure.samples());
            samples.addAll(another.samples());
            return new Series(of(figure, samples), files + 1);
        }

        boolean isZero() {
            return figure.samples().stream().allMatch(sample -> sample.signum() == 0);
        }
    }

    /** @throws NoEvidence naming the file that cannot be read */
    static Runs read(List<Path> paths) {
        Map<Name, Series> series = new LinkedHashMap<>();
        StringBuilder hashes = new StringBuilder();
        ReportFormat tool = null;
        for (Path path : paths) {
            String text = text(path);
            ReportFormat format = ReportFormat.recognised(text)
                    .orElseThrow(() -> new NoEvidence(path + " is no output of a tool that is known here"));
            if (tool != null && tool != format) {
                throw new NoEvidence(path + " is output of " + format + ", and the files before it of " + tool
                        + ": give the files of one tool");
            }
            tool = format;
            for (Figure figure : format.read(text).figures()) {
                series.merge(
                        new Name(figure.name(), figure.statistic()),
                        new Series(of(figure, figure.samples()), 1),
                        (known, one) -> known.with(one.figure()));
            }
            hashes.append(CommitHash.sha256(text)).append('\n');
        }
        if (tool == null) {
            throw new NoEvidence("no file is given");
        }
        return new Runs(tool, paths.size(), series, CommitHash.sha256(hashes.toString()));
    }

    private static String text(Path path) {
        try {
            return Files.readString(path);
        } catch (NoSuchFileException e) {
            throw new NoEvidence(path + " is not there");
        } catch (CharacterCodingException e) {
            throw new NoEvidence(path + " is not UTF-8");
        } catch (IOException e) {
            throw new NoEvidence(path + " cannot be read: " + e.getMessage());
        }
    }

    /** A figure whose value is the median of its samples. */
    private static Figure of(Figure shape, List<BigDecimal> samples) {
        if (samples.size() > Checks.LIST_LENGTH) {
            throw new NoEvidence(shape.name() + " " + shape.statistic() + " has more than " + Checks.LIST_LENGTH
                    + " samples: give fewer files");
        }
        return new Figure(
                shape.line(),
                shape.name(),
                shape.statistic(),
                shape.unit(),
                samples.isEmpty() ? shape.value() : median(samples),
                shape.better(),
                List.copyOf(samples));
    }

    static BigDecimal median(List<BigDecimal> samples) {
        List<BigDecimal> sorted = samples.stream().sorted().toList();
        int size = sorted.size();
        BigDecimal sum = sorted.get((size - 1) / 2).add(sorted.get(size / 2));
        return sum.divide(BigDecimal.TWO); // Exact: half of a decimal has one place more.
    }
}
