package issueledger.analytics.facts;

import issueledger.events.Better;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.MetricKind;
import issueledger.events.MetricRun;
import issueledger.events.MetricSeries;
import issueledger.events.PlannedPhase;
import issueledger.events.Statistic;
import issueledger.evidence.MetricVerdict;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The facts of an issue that few answers need; they are packed in memory.
 *
 * @param late the event that was recorded the longest time after it happened, if that is more than 30 days
 */
@SuppressWarnings("EnumOrdinal") // AnalyticsProjection.version is raised where an enumeration changes its order.
public record Details(
        List<Phase> phases,
        List<Measurement> measurements,
        @Nullable Late late,
        String title) {
    static final Details NONE = new Details(List.of(), List.of(), null, "");

    /** Stands for an absent date or time. */
    private static final int NO_DAY = Integer.MIN_VALUE;

    private static final long NO_TIME = Long.MIN_VALUE;

    private static final Statistic[] STATISTICS = Statistic.values();
    private static final MetricKind[] KINDS = MetricKind.values();
    private static final Better[] DIRECTIONS = Better.values();

    /** A phase with its plan and its progress. */
    public record Phase(
            String name,
            @Nullable LocalDate plannedStart,
            @Nullable LocalDate plannedEnd,
            @Nullable Instant startedAt,
            @Nullable Instant completedAt) {
        /** A phase of a new plan keeps the progress of the old plan's phase with the same number. */
        static Phase planned(PlannedPhase plan, @Nullable Phase old) {
            return new Phase(
                    plan.name(),
                    plan.plannedStart(),
                    plan.plannedEnd(),
                    old == null ? null : old.startedAt,
                    old == null ? null : old.completedAt);
        }

        Phase started(Instant at) {
            return new Phase(name, plannedStart, plannedEnd, at, null);
        }

        Phase completed(Instant at) {
            return new Phase(name, plannedStart, plannedEnd, startedAt, at);
        }

        public boolean isRunning() {
            return startedAt != null && completedAt == null;
        }

        /** True if it was completed before it was started, by effective times. */
        public boolean isNegative() {
            return startedAt != null && completedAt != null && completedAt.isBefore(startedAt);
        }
    }

    /** A record of a metric series, and its time of measurement. */
    public record Measurement(MetricRecorded metric, Instant measuredAt, boolean withdrawn)
            implements MetricSeries.Measurement {
        Measurement withdraw() {
            return new Measurement(metric, measuredAt, true);
        }
    }

    /** @param milliseconds from the fact to its recording */
    public record Late(long version, long milliseconds) {}

    /**
     * A metric series.
     *
     * @param measuredAt the time of the measurement that counts as measured; null without one
     * @param records in the order of their positions
     */
    public record Series(MetricSeries metric, @Nullable Instant measuredAt, List<Measurement> records) {
        /** The verdict with the default effect; null unless it is comparable. */
        public @Nullable MetricVerdict verdict() {
            return MetricVerdict.of(metric.better(), records, MetricVerdict.DEFAULT_EFFECT);
        }

        /** True if that is WORSE. */
        public boolean hasWorseVerdict() {
            return MetricVerdict.isWorse(metric.better(), records);
        }

        /** True if the measured value is worse than the baseline. */
        boolean isWorse() {
            BigDecimal baseline = metric.baseline();
            BigDecimal measured = metric.measured();
            if (baseline == null || measured == null) {
                return false;
            }
            int more = measured.compareTo(baseline);
            return metric.better() == Better.LOWER ? more > 0 : more < 0;
        }

        public boolean lacksABaseline() {
            return metric.measured() != null && metric.baseline() == null;
        }

        /** True if it has a baseline and a measured value. */
        public boolean isComparable() {
            return metric.measured() != null && metric.baseline() != null;
        }

        /** True if the measurement that counts was made before the fix. */
        public boolean isMeasuredBefore(Instant fix) {
            return measuredAt != null && measuredAt.isBefore(fix);
        }

        /** True if the value measured after the fix is worse than the baseline. */
        public boolean isWorseAfter(Instant fix) {
            return isWorse() && !isMeasuredBefore(fix);
        }
    }

    /** The series, in the order of their first records. */
    public List<Series> series() {
        Map<MetricSeries.Key, List<Measurement>> records =
                measurements.stream().collect(Collectors.groupingBy(one -> MetricSeries.Key.of(one.metric())));
        return MetricSeries.of(measurements).stream()
                .map(series -> series(series, records.getOrDefault(series.key(), List.of())))
                .toList();
    }

    private static Series series(MetricSeries series, List<Measurement> records) {
        MetricSeries.Measurement measured = MetricSeries.latest(records, MetricKind.MEASURED);
        return new Series(series, measured == null ? null : measured.measuredAt(), records);
    }

    byte[] packed() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(phases.size());
            for (Phase phase : phases) {
                out.writeUTF(phase.name());
                out.writeInt(day(phase.plannedStart()));
                out.writeInt(day(phase.plannedEnd()));
                out.writeLong(time(phase.startedAt()));
                out.writeLong(time(phase.completedAt()));
            }
            Map<MetricSeries.Key, Integer> series = new LinkedHashMap<>();
            out.writeShort(measurements.size());
            for (Measurement measurement : measurements) {
                pack(out, series, measurement);
            }
            out.writeLong(late == null ? 0 : late.version());
            if (late != null) {
                out.writeLong(late.milliseconds());
            }
            out.writeUTF(title);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void pack(DataOutputStream out, Map<MetricSeries.Key, Integer> series, Measurement measurement)
            throws IOException {
        MetricRecorded metric = measurement.metric();
        MetricSeries.Key key = MetricSeries.Key.of(metric);
        Integer known = series.putIfAbsent(key, series.size());
        out.writeShort(known == null ? series.size() - 1 : known);
        if (known == null) {
            out.writeUTF(metric.name());
            out.writeByte(metric.statistic().ordinal());
            out.writeUTF(metric.environment());
            out.writeUTF(metric.unit());
            out.writeByte(metric.better() == null ? -1 : metric.better().ordinal());
        }
        out.writeByte(metric.kind().ordinal());
        pack(out, metric.value());
        out.writeLong(measurement.measuredAt().toEpochMilli());
        out.writeBoolean(measurement.withdrawn());
        out.writeByte(metric.samples().size());
        for (BigDecimal sample : metric.samples()) {
            pack(out, sample);
        }
        // The machine matters only where there are samples.
        if (!metric.samples().isEmpty()) {
            String machine = metric.run() == null ? null : metric.run().machine();
            out.writeBoolean(machine != null);
            if (machine != null) {
                out.writeUTF(machine);
            }
        }
    }

    private static void pack(DataOutputStream out, BigDecimal decimal) throws IOException {
        out.writeByte(decimal.scale());
        byte[] unscaled = decimal.unscaledValue().toByteArray();
        out.writeByte(unscaled.length);
        out.write(unscaled);
    }

    private static int day(@Nullable LocalDate date) {
        return date == null ? NO_DAY : (int) date.toEpochDay();
    }

    private static long time(@Nullable Instant time) {
        return time == null ? NO_TIME : time.toEpochMilli();
    }

    static Details unpacked(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            List<Phase> phases = phases(in);
            List<MetricRecorded> series = new ArrayList<>();
            int count = in.readUnsignedShort();
            List<Measurement> measurements = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                measurements.add(measurement(in, series));
            }
            long version = in.readLong();
            Late late = version == 0 ? null : new Late(version, in.readLong());
            return new Details(phases, measurements, late, in.readUTF());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The phases alone, which are packed first. */
    static List<Phase> phasesOf(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return phases(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Phase> phases(DataInputStream in) throws IOException {
        int count = in.readByte();
        List<Phase> phases = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            phases.add(new Phase(
                    in.readUTF(), day(in.readInt()), day(in.readInt()), time(in.readLong()), time(in.readLong())));
        }
        return phases;
    }

    /** @param series the first record of each series so far */
    private static Measurement measurement(DataInputStream in, List<MetricRecorded> series) throws IOException {
        int number = in.readUnsignedShort();
        boolean isFirst = number == series.size();
        String name = isFirst ? in.readUTF() : series.get(number).name();
        Statistic statistic =
                isFirst ? STATISTICS[in.readByte()] : series.get(number).statistic();
        String environment = isFirst ? in.readUTF() : series.get(number).environment();
        String unit = isFirst ? in.readUTF() : series.get(number).unit();
        Better better = isFirst ? better(in.readByte()) : series.get(number).better();
        MetricKind kind = KINDS[in.readByte()];
        BigDecimal value = decimal(in);
        Instant measuredAt = Instant.ofEpochMilli(in.readLong());
        boolean withdrawn = in.readBoolean();
        List<BigDecimal> samples = new ArrayList<>();
        for (int left = in.readUnsignedByte(); left > 0; left--) {
            samples.add(decimal(in));
        }
        MetricRun run = !samples.isEmpty() && in.readBoolean() ? new MetricRun(null, in.readUTF(), null, null) : null;
        MetricRecorded metric = new MetricRecorded(
                kind, name, statistic, unit, value, environment, better, measuredAt, null, samples, run);
        if (isFirst) {
            series.add(metric);
        }
        return new Measurement(metric, measuredAt, withdrawn);
    }

    private static BigDecimal decimal(DataInputStream in) throws IOException {
        int scale = in.readByte();
        return new BigDecimal(new BigInteger(in.readNBytes(in.readByte())), scale);
    }

    private static @Nullable Better better(int ordinal) {
        return ordinal < 0 ? null : DIRECTIONS[ordinal];
    }

    private static @Nullable LocalDate day(int day) {
        return day == NO_DAY ? null : LocalDate.ofEpochDay(day);
    }

    private static @Nullable Instant time(long time) {
        return time == NO_TIME ? null : Instant.ofEpochMilli(time);
    }
}
