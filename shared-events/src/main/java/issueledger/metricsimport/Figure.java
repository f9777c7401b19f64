package issueledger.metricsimport;

import issueledger.events.Better;
import issueledger.events.Statistic;
import java.math.BigDecimal;
import java.util.List;

/**
 * A value that a tool measured.
 *
 * @param line of the file, from 1
 * @param unit {@code ms} for a time, {@code B} for a size, else as the tool has it
 * @param samples the same statistic of each run that the file holds; at most 100
 */
public record Figure(
        int line,
        String name,
        Statistic statistic,
        String unit,
        BigDecimal value,
        Better better,
        List<BigDecimal> samples) {}
