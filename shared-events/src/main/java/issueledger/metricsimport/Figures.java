package issueledger.metricsimport;

import issueledger.template.Reading.Remark;
import java.util.List;

/**
 * Everything that was read in a tool's file.
 *
 * @param warnings one for each skipped figure or line, in the order of the lines
 */
public record Figures(List<Figure> figures, List<Remark> warnings) {}
