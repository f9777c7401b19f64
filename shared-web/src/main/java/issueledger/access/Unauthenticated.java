package issueledger.access;

import com.nimbusds.jose.KeySourceException;
import issueledger.http.Problem;
import issueledger.http.ProblemType;
import issueledger.http.Problems;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;

/** Answers a request without a valid token (RFC 6750, section 3) or with one that cannot be checked now. */
final class Unauthenticated implements AuthenticationEntryPoint, AuthenticationFailureHandler {
    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        commence(request, response, failure);
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        Problems.write(problem(failure), request, response);
    }

    private static Problem problem(AuthenticationException failure) {
        if (failure.getCause() != null && failure.getCause().getCause() instanceof KeySourceException) {
            return new Problem(ProblemType.HTTP, "The token issuer's keys cannot be fetched: try again later.")
                    .header("Retry-After", "2");
        }
        if (failure instanceof OAuth2AuthenticationException || failure instanceof AuthenticationServiceException) {
            String why = why(failure);
            return Problem.unauthenticated(
                    "Bearer error=\"invalid_token\", error_description=\"" + why + "\"",
                    "The token is not accepted. " + why);
        }
        return Problem.unauthenticated("Bearer", Problem.NO_TOKEN);
    }

    /** Replaces characters that a quoted description must not have. */
    private static String why(AuthenticationException failure) {
        String description = "It is malformed, or signed by none of the issuer's keys with RS256 or ES256.";
        if (failure.getCause() instanceof JwtValidationException invalid) {
            description = invalid.getErrors().stream()
                    .map(OAuth2Error::getDescription)
                    .findFirst()
                    .orElse(description);
        }
        return description.replaceAll("[^ !#-\\[\\]-~]", "'");
    }
}
