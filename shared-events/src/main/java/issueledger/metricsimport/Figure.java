package issueledger.metricsimport;

import issueledger.events.Better;
import issueledger.events.Statistic;
import java.math.BigDecimal;

/**
 * A value that a tool measured.
 *
 * @param line of the file, from 1
 * @param unit {@code ms} for a time, {@code B} for a size, else as the tool has it
 */
public record Figure(int line, String name, Statistic statistic, String unit, BigDecimal value, Better better) {}
