package issueledger.http;

import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.springframework.http.MediaType;

/** The connector's own refusals (a bad request line, headers too large) as problems. */
public class ConnectorProblems extends ErrorReportValve {
    @Override
    protected void report(Request request, Response response, Throwable throwable) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        String path = request.getRequestURI();
        byte[] body = Problems.json(Problems.plain(status), path == null ? "/" : path, TraceIds.random());
        try {
            response.setHeader(HttpConfiguration.NOSNIFF, "nosniff");
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
            response.finishResponse();
        } catch (IOException e) {
            container.getLogger().debug("the client went away", e);
        }
    }
}
