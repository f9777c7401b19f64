package issueledger.evidence;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Fractions as answers show them: 4 places, rounded half up (away from zero), without zeros at their end. */
public final class Fractions {
    private static final int PLACES = 4;

    private Fractions() {}

    public static BigDecimal rounded(BigDecimal numerator, BigDecimal denominator) {
        return plain(numerator.divide(denominator, PLACES, RoundingMode.HALF_UP));
    }

    static BigDecimal rounded(double fraction) {
        return plain(new BigDecimal(fraction).setScale(PLACES, RoundingMode.HALF_UP));
    }

    private static BigDecimal plain(BigDecimal fraction) {
        return fraction.signum() == 0 ? BigDecimal.ZERO : fraction.stripTrailingZeros();
    }
}
